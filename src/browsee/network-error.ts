import { ConnectorError } from "../errors.ts";
import type { Redact } from "../redact.ts";
import type { Failure } from "./trouble.ts";

/** undici's for an answer beyond the limit that the transport sets. */
const TOO_LARGE = "UND_ERR_RES_EXCEEDED_MAX_SIZE";
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_CA/;

/** No whole answer came through. */
export class TransportError extends Error {
  /** Whether the request had been sent, so that the API may be at work on it. */
  readonly sent: boolean;

  constructor(cause: unknown, sent: boolean) {
    super(causesOf(cause).at(-1)?.message ?? String(cause), { cause });
    this.name = "TransportError";
    this.sent = sent;
  }
}

/**
 * What an exception of the transport means.
 * @param origin the API's, for the message
 */
export function networkFailure(thrown: unknown, origin: string, redact: Redact): Failure {
  const code = errorCode(thrown);
  if (CERTIFICATE.test(code)) {
    const error = new ConnectorError({
      code: "request_refused",
      failureType: "config_error",
      message: `The certificate that ${origin} showed is not valid for it (${code}), so nothing was sent. Check api_url, or the proxy in between; a certificate authority of your own goes into NODE_EXTRA_CA_CERTS.`,
    });
    return { ok: false, kind: "refused", error };
  }
  if (code === TOO_LARGE) return { ok: false, kind: "cut", words: "an answer larger than any page can be" };
  const words = redact(thrown instanceof Error ? thrown.message : String(thrown)).replaceAll(/\s+/g, " ");
  const named = code === "" || words.includes(code) ? words : `${words} (${code})`;
  return thrown instanceof TransportError && thrown.sent
    ? { ok: false, kind: "cut", words: `the connection broke: ${named}` }
    : { ok: false, kind: "unreachable", words: `${origin} can't be reached: ${named}` };
}

/** The code nearest to the root: wrappers have codes of their own that say less. */
function errorCode(thrown: unknown): string {
  const codes = causesOf(thrown).map((error) =>
    "code" in error && typeof error.code === "string" ? error.code : "",
  );
  return codes.findLast((code) => code !== "") ?? "";
}

/** An error, its cause, the cause of that, and so on; of several errors in one, the first. */
function causesOf(thrown: unknown): readonly Error[] {
  if (!(thrown instanceof Error)) return [];
  const cause = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause;
  return [thrown, ...causesOf(cause)];
}
