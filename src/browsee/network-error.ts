import { ConnectorError } from "../errors.ts";
import type { AnswerFlaw } from "../http/answer-error.ts";
import { causesOf, TransportError } from "../http/transport-error.ts";
import type { Redact } from "../redact.ts";
import type { Failure } from "./trouble.ts";

const TOO_LARGE: AnswerFlaw = "ANSWER_TOO_LARGE";
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_CA/;

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
