/** Takes every trace of the secrets out of a text. */
export type Redact = (text: string) => string;

/** The secrets that this process knows. */
export type Secrets = ReturnType<typeof createSecrets>;

/** Fields of the configuration that are secrets, and the variables of the environment that stand for them. */
export const SECRET_VARIABLES = {
  api_key: "BROWSEE_API_KEY",
  secret_key: "BROWSEE_SECRET_KEY",
  session_key_salt: "BROWSEE_SESSION_KEY_SALT",
} as const;

/** No secrets yet. */
export function createSecrets() {
  let redact = createRedact([]);
  const hidden: string[] = [];
  return {
    /** Learns of further ones. */
    hide(secrets: readonly string[]) {
      hidden.push(...secrets);
      redact = createRedact(hidden);
    },
    /** Masks all that have been hidden so far. */
    redact: (text: string) => redact(text),
  };
}

/** What stands in the place of a secret. */
export const MASK = "******";
/** Runs of this many characters of a secret count as a part of it; */
const PART = 6;
/** of nothing but letters, of this many: a key may hold words such as "secret", which messages hold too. */
const LONG_PART = 8;
/** Secrets of so many characters stand inside other words too: they are masked where they are a word of their own. */
const WORD = 3;

/**
 * A function that masks the given secrets: whole and in parts of six characters and more (eight, if they are letters
 * only), as they are and as JSON, a URL, HTML (each character too), hexadecimal or base64 writes them, in capitals or
 * not. Those of one to three characters are masked where no letter, digit or underscore stands beside them.
 * @param secrets as in the configuration; empty ones are passed over
 */
export function createRedact(secrets: readonly string[]): Redact {
  const isWord = (secret: string) => [...secret].length <= WORD;
  const words = formsOf(secrets.filter(isWord));
  const forms = formsOf(secrets.filter((secret) => !isWord(secret)));
  const short = forms.filter((form) => form.length < LONG_PART);
  const parts = new Set(forms.flatMap(windows));
  return (text) => {
    const lower = lowerCase(text);
    let out = "";
    let at = 0;
    while (at < text.length) {
      const length = secretAt(lower, at, short, parts) || wordAt(lower, at, words);
      out += length === 0 ? text[at] : MASK;
      at += Math.max(1, length);
    }
    return out;
  };
}

/** How many characters of a secret stand at a place; 0 for none. */
function secretAt(text: string, at: number, short: readonly string[], parts: ReadonlySet<string>): number {
  let end = at;
  while (parts.has(text.slice(end, end + PART))) end += 1;
  const length = end === at ? 0 : end - at - 1 + PART;
  const found = length >= LONG_PART || /[^a-z]/.test(text.slice(at, at + length)) ? length : 0;
  return found || (short.find((form) => text.startsWith(form, at))?.length ?? 0);
}

/** How many characters of a secret that is a word of its own stand at a place; 0 for none. */
function wordAt(text: string, at: number, words: readonly string[]): number {
  const found = words.find((word) => text.startsWith(word, at));
  if (found === undefined) return 0;
  // The t of "can't" is no word.
  const isInside =
    /[\p{L}\p{N}_]['’]?$/u.test(text.slice(Math.max(0, at - 3), at)) ||
    /^[\p{L}\p{N}_]/u.test(text.slice(at + found.length, at + found.length + 2));
  return isInside ? 0 : found.length;
}

/** Each way in which secrets may be written, in small letters; the longest first. */
function formsOf(secrets: readonly string[]): readonly string[] {
  const forms = new Set(secrets.flatMap(writtenForms).map((form) => form.toLowerCase()));
  forms.delete("");
  return [...forms].sort((a, b) => b.length - a.length);
}

/** Character by character, so that places stay where they are: "İ" is two characters in small letters. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length
    ? lower
    : Array.from({ length: text.length }, (_, at) => text.charAt(at).toLowerCase().charAt(0)).join("");
}

function windows(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - PART + 1) }, (_, start) =>
    text.slice(start, start + PART),
  );
}

function writtenForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const text = bytes.toString();
  const url = encodeURIComponent(text);
  return [
    secret,
    text,
    JSON.stringify(text).slice(1, -1),
    JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
    url,
    url.replaceAll("%20", "+"),
    encodeURI(text),
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    bytes.toString("hex"),
    [...bytes].map((byte) => `%${hex(byte, 2)}`).join(""),
    text.replaceAll(/./gs, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`),
    text.replaceAll(/./gsu, (letter) => `&#x${hex(letter.codePointAt(0), 1)};`),
    text.replaceAll(/./gsu, (letter) => `&#${letter.codePointAt(0)};`),
    ...base64Forms(bytes),
  ];
}

function hex(value: number | undefined, digits: number): string {
  return (value ?? 0).toString(16).padStart(digits, "0");
}

/** Inside a longer base64 text a secret may start at any of three positions; characters that it shares with its neighbours are left off. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
    const text = whole.toString("base64").replaceAll("=", "");
    const inner = text.slice(shift === 0 ? 0 : shift + 1, whole.length % 3 === 0 ? undefined : -1);
    return inner.length < PART ? [] : [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/**
 * Whether a text that somebody has typed may be said back: not what looks like JSON or a key in the wrong place, which
 * no message must repeat.
 * @param text an argument of the command line, or the name of a field
 */
export function isShowable(text: string): boolean {
  if (/[{}"\n\r]/.test(text)) return false;
  // A path says which file it is about; folders may have any name.
  if (/^\.{0,2}\/[^/]+\//.test(text) || /\.[a-z]{2,8}$/i.test(text)) return true;
  return !/(?=[a-z_+/=-]*\d)[\w+/=-]{16,}/i.test(text);
}

/** A text that somebody has typed, in quotation marks; `…` where it may not be said back. */
export function quoted(text: string): string {
  return isShowable(text) ? `"${text}"` : "…";
}
