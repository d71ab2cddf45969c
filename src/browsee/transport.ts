import { gunzipSync } from "node:zlib";
import { Client, type Dispatcher, EnvHttpProxyAgent } from "undici";
import type { RawAnswer } from "./answer.ts";

/** Larger answers, unpacked, are cut off: 100 sessions are some hundred kB. */
const MAX_BYTES = 64 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 20_000;

/** Sends one POST and reads its answer whole. Rejects where none came through. */
export interface Transport {
  post(path: string, body: string, signal: AbortSignal): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** The answer was larger than any page can be. */
export class AnswerTooLarge extends Error {}

/**
 * The one connection to the API; TLS is always verified, redirects are never followed.
 * @param origin scheme, host and port of the API
 * @param env HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured
 */
export function createTransport(
  origin: string,
  env: Readonly<Record<string, string | undefined>>,
): Transport {
  const dispatcher = createDispatcher(origin, env);
  return {
    async post(path, body, signal) {
      const answer = await dispatcher.request({
        origin,
        path,
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          "accept-encoding": "gzip",
        },
        body,
        signal,
        // The client's own clock covers the whole request, up to the last byte.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const bytes = await readBody(answer.body);
      const packed = answer.headers["content-encoding"] === "gzip";
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: (packed ? unpack(bytes) : bytes).toString(),
      };
    },
    async close() {
      await dispatcher.destroy();
    },
  };
}

function createDispatcher(origin: string, env: Readonly<Record<string, string | undefined>>): Dispatcher {
  const options = { connect: { timeout: CONNECT_TIMEOUT_MS }, pipelining: 1, keepAliveTimeout: 60_000 };
  const proxied = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].some((name) => env[name]);
  return proxied ? new EnvHttpProxyAgent({ ...options, connections: 1 }) : new Client(origin, options);
}

async function readBody(body: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_BYTES) throw new AnswerTooLarge(`an answer of more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function unpack(bytes: Buffer): Buffer {
  return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
}
