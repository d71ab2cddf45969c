import { createYoungSpaceLimit } from "../v8-tuning.ts";
import { createConnect } from "./connect.ts";
import { type Exchange, type Line, openLine } from "./line.ts";
import { proxyFor } from "./proxy.ts";

/** Sends one POST and reads its answer whole; never two at a time. */
export interface Transport {
  /** @param path of the URL, as it goes over the wire @param body JSON @throws Error while another request is open */
  post(path: string, body: string): Exchange;
  /** Ends the connection, whatever it is doing. */
  close(): void;
}

/**
 * The one connection to the API, made anew where the other side closed it. TLS is always verified, whatever the
 * environment says; redirects are never followed.
 * @param origin scheme, host and port of the API
 * @param env HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured
 * @param clock monotonic ms
 * @throws ConnectorError config_invalid for a proxy whose address can't be read
 */
export function createTransport(
  origin: string,
  env: Readonly<Record<string, string | undefined>>,
  clock: () => number,
): Transport {
  const limitYoungSpace = createYoungSpaceLimit();
  const connect = createConnect(origin, proxyFor(origin, env));
  const { host } = new URL(origin);
  let line: Line | undefined;

  return {
    post(path, body) {
      // Each answer leaves garbage behind.
      limitYoungSpace();
      if (line === undefined || line.isSpent()) {
        line?.close();
        line = openLine(connect, clock);
      }
      return line.exchange(requestText(host, path, body));
    },
    close() {
      line?.close();
    },
  };
}

/** RFC 9112, section 3. */
function requestText(host: string, path: string, body: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    `host: ${host}`,
    "connection: keep-alive",
    "content-type: application/json",
    "accept: application/json",
    "accept-encoding: gzip",
    "user-agent: source-browsee",
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
