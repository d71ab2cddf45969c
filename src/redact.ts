/** Takes every trace of the secrets out of a text. */
export type Redact = (text: string) => string;

const MASK = "******";
/** Runs of this many characters of a secret count as a part of it. */
const PART = 6;

/**
 * A function that masks the given secrets: whole, as JSON, URL or base64 writes them, and parts of six
 * characters and more.
 * @param secrets as in the configuration; empty ones are passed over
 */
export function createRedact(secrets: readonly string[]): Redact {
  const forms = secrets.filter((secret) => secret.length > 0).flatMap(writtenForms);
  const whole = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const parts = new Set(whole.filter((form) => form.length > PART).flatMap(windows));
  return (text) => {
    const masked = whole.reduce((rest, form) => rest.replaceAll(form, MASK), text);
    return parts.size === 0 ? masked : maskParts(masked, parts);
  };
}

function writtenForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((shift) => {
    // Inside a longer base64 text the secret may start at any of three positions; the edge characters mix with
    // its neighbours and are left off.
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const inner = text.slice(
      shift === 0 ? 0 : shift + 1,
      bytes.length % 3 === 0 && shift === 0 ? undefined : -1,
    );
    return inner.length > PART ? [inner, inner.replaceAll("+", "-").replaceAll("/", "_")] : [];
  });
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(bytes.toString()),
    encodeURIComponent(bytes.toString()).replaceAll("%20", "+"),
    bytes.toString("hex"),
    ...base64,
  ];
}

function windows(text: string): string[] {
  return Array.from({ length: text.length - PART + 1 }, (_, start) => text.slice(start, start + PART));
}

function maskParts(text: string, parts: ReadonlySet<string>): string {
  let out = "";
  let at = 0;
  while (at < text.length) {
    if (!parts.has(text.slice(at, at + PART))) {
      out += text[at];
      at += 1;
      continue;
    }
    at += PART;
    while (parts.has(text.slice(at - PART + 1, at + 1))) at += 1;
    out += MASK;
  }
  return out;
}
