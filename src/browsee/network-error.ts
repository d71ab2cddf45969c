import { ConnectorError, configError } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { BodyTooLarge } from "./body.ts";
import { causesOf, type HttpError, ProxyError } from "./http-error.ts";
import type { Failure } from "./trouble.ts";

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_CA/;

/**
 * What it means that no whole response came.
 * @param origin the API's, for the message
 */
export function networkFailure(error: HttpError, origin: string, redact: Redact): Failure {
  const causes = causesOf(error);
  const proxy = causes.find((cause) => cause instanceof ProxyError);
  const code = codeOf(causes);
  if (CERTIFICATE.test(code)) return badCertificate(proxy === undefined ? origin : nameOf(proxy), code);
  if (proxy !== undefined) return proxyFailure(proxy, code);
  const last = causes.at(-1);
  if (last instanceof BodyTooLarge) return { ok: false, kind: "cut", words: last.message };
  const words = redact(error.message).replaceAll(/\s+/g, " ");
  const named = code === "" || words.includes(code) ? words : `${words} (${code})`;
  return error.sent
    ? { ok: false, kind: "cut", words: `the connection broke: ${named}` }
    : { ok: false, kind: "unreachable", words: `${origin} can't be reached: ${named}` };
}

/** The code nearest to the root: wrappers have codes of their own that say less. */
function codeOf(causes: readonly Error[]): string {
  const codes = causes.map((error) => ("code" in error && typeof error.code === "string" ? error.code : ""));
  return codes.findLast((code) => code !== "") ?? "";
}

function badCertificate(host: string, code: string): Failure {
  const error = new ConnectorError({
    code: "request_refused",
    failureType: "config_error",
    message: `The certificate that ${host} showed is not valid for it (${code}), so nothing was sent. Check api_url, or the proxy in between; a certificate authority of your own goes into NODE_EXTRA_CA_CERTS.`,
  });
  return { ok: false, kind: "refused", error };
}

function proxyFailure(proxy: ProxyError, code: string): Failure {
  if (proxy.status === 407) {
    const error = configError(
      "config_invalid",
      `The proxy that ${proxy.variable} names wants a user name and a password, or other ones (HTTP status 407). Put them into ${proxy.variable}, as in http://user:password@proxy.example:3128.`,
    );
    return { ok: false, kind: "refused", error };
  }
  if (proxy.status !== undefined) {
    const words = `${nameOf(proxy)} answered with HTTP status ${proxy.status}`;
    return { ok: false, kind: "unreachable", words };
  }
  const why = code === "" ? "it does not answer" : code;
  return { ok: false, kind: "unreachable", words: `${nameOf(proxy)} can't be reached: ${why}` };
}

/** Never by its address, which may hold a password. */
function nameOf({ variable }: ProxyError): string {
  return `the proxy that ${variable} names`;
}
