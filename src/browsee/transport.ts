import { Socket } from "node:net";
import type { buildConnector } from "undici";
import createConnector from "undici/lib/core/connect.js";
import Client from "undici/lib/dispatcher/client.js";
import { compileQuickly, createYoungSpaceLimit } from "../v8-tuning.ts";
import { TransportError } from "./network-error.ts";
import { defaultPort, proxyFor } from "./proxy.ts";
import type { RawAnswer } from "./raw-answer.ts";

/** Larger answers are cut off: 100 sessions are some hundred kB. */
export const MAX_BYTES = 64 * 1024 * 1024;
/** As Node.js has it; the build leaves out of undici what would look it up (scripts/build/slim-undici.ts). */
const MAX_HEADER_BYTES = 16 * 1024;
const CONNECT_TIMEOUT_MS = 20_000;
const KEEP_ALIVE_MS = 60_000;
const HEADERS = {
  "content-type": "application/json",
  accept: "application/json",
  "accept-encoding": "gzip",
  "user-agent": "source-browsee",
} as const;

/** Sends one POST and reads its answer whole; never two at a time. */
export interface Transport {
  post(path: string, body: string): Exchange;
  /** Ends the connection, whatever it is doing. */
  close(): Promise<void>;
}

/** One request and its answer. */
export interface Exchange {
  /** Rejects with TransportError where no whole answer came. */
  readonly answer: Promise<RawAnswer>;
  /** Gives the request up at once, also while connecting. */
  giveUp(): void;
}

/** One connection, made anew by itself where the other side closed it. */
interface Line {
  readonly client: Client;
  cut(): Promise<void>;
}

/**
 * The one connection to the API. TLS is always verified, whatever the environment says; redirects are never followed.
 * @param origin scheme, host and port of the API
 * @param env HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured
 * @throws ConnectorError config_invalid for a proxy whose address can't be read
 */
export function createTransport(
  origin: string,
  env: Readonly<Record<string, string | undefined>>,
): Transport {
  compileQuickly();
  const limitYoungSpace = createYoungSpaceLimit();
  const proxy = proxyFor(origin, env);
  let line: Line | undefined;
  /** What is left of a failed request must not meet the next one. */
  async function cutAfter(error: unknown): Promise<never> {
    const broken = line;
    line = undefined;
    await broken?.cut();
    throw error;
  }

  return {
    post(path, body) {
      // Each answer leaves garbage behind.
      limitYoungSpace();
      line ??= openLine(origin, proxy);
      const { answer, giveUp } = exchange(line.client, path, body);
      return { answer: answer.catch(cutAfter), giveUp };
    },
    async close() {
      await line?.cut();
    },
  };
}

function openLine(origin: string, proxy: URL | undefined): Line {
  let socket: Socket | undefined;
  let connected = false;
  const direct = (options: buildConnector.Options, callback: buildConnector.Callback) => {
    connected = false;
    socket = createConnector({ timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true })(
      options,
      (...made) => {
        connected = made[0] === null;
        callback(...made);
      },
    );
  };
  const connect: buildConnector.connector = (options, callback) => {
    if (proxy === undefined) direct(options, callback);
    else void connectThrough(proxy, direct, options, callback);
  };
  const client = new Client(origin, {
    connect,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: MAX_BYTES,
    // The caller's signal covers the whole request, up to the last byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    client,
    async cut() {
      // Whoever waits for a connection is told by an error. Otherwise there is none, since Node.js asks an error for its
      // stack, and that takes longer than a short command has left.
      socket?.destroy(connected ? undefined : new Error("the connection was given up"));
      await client.destroy();
    },
  };
}

/** A tunnel to the API through a proxy (method CONNECT). */
async function connectThrough(
  proxy: URL,
  direct: buildConnector.connector,
  options: buildConnector.Options,
  callback: buildConnector.Callback,
): Promise<void> {
  const { default: openTunnel } = await import("undici/lib/api/api-connect.js");
  const toProxy = new Client(proxy.origin, {
    connect: direct,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: CONNECT_TIMEOUT_MS,
  });
  try {
    const { protocol, hostname, port } = options;
    const host = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port || defaultPort(protocol)}`;
    const headers = { host, ...authorization(proxy) };
    const { statusCode, socket } = await openTunnel.call(toProxy, {
      origin: proxy.origin,
      path: host,
      headers,
    });
    if (statusCode !== 200 || !(socket instanceof Socket)) {
      socket.destroy();
      throw new Error(`the proxy ${proxy.host} answered with HTTP status ${statusCode}`);
    }
    if (protocol === "https:") direct({ ...options, httpSocket: socket }, callback);
    else callback(null, socket);
  } catch (error) {
    // Never with a code of undici's own: its client takes some of them as a reason to connect again at once.
    callback(new TransportError(error, false), null);
  } finally {
    await toProxy.destroy();
  }
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(plain).toString("base64")}` };
}

/** Reads the answer straight from the parser: reading the body as a stream would cost a third more. */
function exchange(client: Client, path: string, body: string): Exchange {
  const chunks: Buffer[] = [];
  let sent = false;
  let status = 0;
  let headers: RawAnswer["headers"] = {};
  let fail: (error: unknown) => void = () => undefined;
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    fail = (error) => reject(new TransportError(error, sent));
    client.dispatch(
      { path, method: "POST", headers: HEADERS, body },
      {
        onRequestStart() {
          sent = true;
        },
        onResponseStart(_controller, code, received) {
          status = code;
          headers = received;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          resolve({ status, headers, body: Buffer.concat(chunks) });
        },
        onResponseError(_controller, error) {
          fail(error);
        },
      },
    );
  });
  return { answer, giveUp: () => fail(new Error("it was given up")) };
}
