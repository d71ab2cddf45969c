import { configError } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { BodyTooLarge } from "./body.ts";
import { type Failure, fatal, retriable } from "./failure.ts";
import { causesOf, type HttpError, ProxyError } from "./http-error.ts";

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_CA/;

/**
 * What it means that no whole response came.
 * @param origin the API's, for the message
 */
export function networkFailure(error: HttpError, origin: string, redact: Redact): Failure {
  const causes = causesOf(error);
  const proxy = causes.find((cause) => cause instanceof ProxyError);
  const code = codeOf(causes);
  if (CERTIFICATE.test(code)) return badCertificate(proxy?.called ?? origin, code);
  if (proxy !== undefined) return proxyFailure(proxy, code);
  const last = causes.at(-1);
  if (last instanceof BodyTooLarge) return retriable("cut", last.message);
  const message = redact(error.message).replaceAll(/\s+/g, " ");
  const named = code === "" || message.includes(code) ? message : `${message} (${code})`;
  return error.sent
    ? retriable("cut", `the connection broke: ${named}`)
    : retriable("unreachable", `${origin} can't be reached: ${named}`);
}

/** The code nearest to the root: wrappers have codes of their own that say less. */
function codeOf(causes: readonly Error[]): string {
  const codes = causes.map((error) => ("code" in error && typeof error.code === "string" ? error.code : ""));
  return codes.findLast((code) => code !== "") ?? "";
}

function badCertificate(host: string, code: string): Failure {
  const sentence = `The certificate that ${host} showed is not valid for it (${code}), so nothing was sent. Check api_url, or the proxy in between; a certificate authority of your own goes into NODE_EXTRA_CA_CERTS.`;
  return fatal(configError("request_refused", sentence));
}

function proxyFailure({ variable, called, status }: ProxyError, code: string): Failure {
  if (status === 407) {
    const sentence = `The proxy that ${variable} names wants a user name and a password, or other ones (HTTP status 407). Put them into ${variable}, as in http://user:password@proxy.example:3128.`;
    return fatal(configError("config_invalid", sentence));
  }
  if (status !== undefined) return retriable("unreachable", `${called} answered with HTTP status ${status}`);
  return retriable("unreachable", `${called} can't be reached: ${code || "it does not answer"}`);
}
