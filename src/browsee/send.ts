import { Cancelled, configError } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { BodyTooLarge } from "./body.ts";
import { type Http, HttpError, type HttpResponse } from "./http.ts";
import { ProxyError } from "./proxy.ts";
import { RetriableFailure } from "./retry.ts";

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_CA/;

/** What one request needs from outside. */
export interface SendParts {
  readonly http: Http;
  /** Origin of the API, for messages. */
  readonly origin: string;
  readonly redact: Redact;
}

/**
 * Sends one request.
 * @param body JSON
 * @param ms how long it may take, from connecting to the last byte
 * @returns the response, which may be any
 * @throws RetriableFailure or ConnectorError where none came, Cancelled once the signal is aborted
 */
export async function send(
  parts: SendParts,
  path: string,
  body: string,
  ms: number,
  stop: AbortSignal,
): Promise<HttpResponse> {
  if (stop.aborted) throw new Cancelled("no request any more");
  const giveUp = new AbortController();
  const end = () => giveUp.abort();
  const timer = setTimeout(end, ms);
  stop.addEventListener("abort", end);
  try {
    return await parts.http.post(path, body, giveUp.signal);
  } catch (error) {
    if (stop.aborted) throw new Cancelled("the request was given up");
    if (!(error instanceof HttpError)) throw error;
    throw networkFailure(error, parts, giveUp.signal.aborted ? ms : undefined);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", end);
  }
}

/** What it means that no whole response came. @param ms after which it was given up; undefined where it was not */
function networkFailure({ sent, cause }: HttpError, { origin, redact }: SendParts, ms?: number): Error {
  const causes = causesOf(cause);
  const proxy = causes.find((error) => error instanceof ProxyError);
  // Never by its address, which may hold a password.
  const host = proxy === undefined ? origin : `the proxy that ${proxy.variable} names`;
  if (ms !== undefined) {
    const within = `within ${Math.round(ms / 1000)} s`;
    return sent
      ? new RetriableFailure("cut", `no whole answer ${within}`)
      : new RetriableFailure("unreachable", `no connection to ${host} ${within}`);
  }
  const code = codeOf(causes);
  if (CERTIFICATE.test(code)) {
    const sentence = `The certificate that ${host} showed is not valid for it (${code}), so nothing was sent. Check api_url, or the proxy in between; a certificate authority of your own goes into NODE_EXTRA_CA_CERTS.`;
    return configError("request_refused", sentence);
  }
  if (proxy?.status === 407) {
    const sentence = `The proxy that ${proxy.variable} names wants a user name and a password, or other ones (HTTP status 407). Put them into ${proxy.variable}, as in http://user:password@proxy.example:3128.`;
    return configError("config_invalid", sentence);
  }
  if (proxy?.status !== undefined)
    return new RetriableFailure("unreachable", `${host} answered with HTTP status ${proxy.status}`);
  const last = causes.at(-1);
  if (last instanceof BodyTooLarge) return new RetriableFailure("cut", last.message);
  const message = redact(last?.message ?? String(cause)).replaceAll(/\s+/g, " ");
  // A proxy's words may hold its address.
  const why = proxy === undefined ? withCode(message, code) : code || "it does not answer";
  return sent
    ? new RetriableFailure("cut", `the connection broke: ${why}`)
    : new RetriableFailure("unreachable", `${host} can't be reached: ${why}`);
}

function withCode(message: string, code: string): string {
  return message.includes(code) ? message : `${message} (${code})`;
}

/** An error, its cause, the cause of that, and so on; of several errors in one, the first. Empty for anything else. */
function causesOf(thrown: unknown): readonly Error[] {
  if (!(thrown instanceof Error)) return [];
  const cause = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause;
  return [thrown, ...causesOf(cause)];
}

/** The code nearest to the root: wrappers have codes of their own that say less. */
function codeOf(causes: readonly Error[]): string {
  const codes = causes.map((error) => ("code" in error && typeof error.code === "string" ? error.code : ""));
  return codes.findLast((code) => code !== "") ?? "";
}
