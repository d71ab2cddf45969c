import { ConnectorError } from "../errors.ts";
import type { Failure } from "./trouble.ts";

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/;

/**
 * What an exception of the transport means.
 * @param origin the API's, for the message
 */
export function networkFailure(thrown: unknown, origin: string): Failure {
  const code = errorCode(thrown);
  if (CERTIFICATE.test(code)) {
    const error = new ConnectorError({
      code: "request_refused",
      failureType: "config_error",
      message: `The certificate that ${origin} showed is not valid for it (${code}). Check api_url, or the proxy in between.`,
    });
    return { ok: false, kind: "refused", error };
  }
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  return { ok: false, kind: "network", words: code === "" ? words : `${words} (${code})` };
}

function errorCode(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "";
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  return code === "" || code === "UND_ERR" ? errorCode(thrown.cause) || code : code;
}
