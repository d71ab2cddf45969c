import type { Dispatcher } from "undici";
import connect from "undici/lib/api/api-connect.js";
import Agent from "undici/lib/dispatcher/agent.js";
import EnvHttpProxyAgent from "undici/lib/dispatcher/env-http-proxy-agent.js";
import type { Env } from "../config.ts";
import { BodyBuffer } from "./body.ts";
import { type ProxyAddress, ProxyError, proxyFor } from "./proxy.ts";

/** A response, read to its last byte. */
export interface HttpResponse {
  readonly status: number;
  /** By their names in lower case; of one that came several times, the first. */
  readonly headers: ReadonlyMap<string, string>;
  /** As it came: packed where content-encoding says so. */
  readonly body: Buffer;
}

/** No whole response came; the cause says why. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** Whether the request was sent, so that the API may be at work on it. */
  readonly sent: boolean;

  constructor(cause: unknown, sent: boolean) {
    super("no whole response came", { cause });
    this.sent = sent;
  }
}

/** Sends one POST after another over one connection; the client is to wait for each. */
export type Http = ReturnType<typeof createHttp>;

const HEADERS = {
  "content-type": "application/json",
  accept: "application/json",
  "accept-encoding": "gzip",
  "user-agent": "source-browsee",
};

/**
 * The way to the API. TLS is always verified, whatever the environment says; redirects are never followed; there are no
 * time-outs but the caller's.
 * @param origin scheme, host and port of the API
 * @param env HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured
 * @throws ConnectorError config_invalid for a proxy whose address can't be read
 */
export function createHttp(origin: string, env: Env) {
  const proxy = proxyFor(origin, env);
  let connection: ReturnType<typeof openConnection> | undefined;

  /** Ends the connection. */
  function close(): void {
    connection?.close();
    connection = undefined;
  }

  return {
    close,
    /**
     * @param path of the URL
     * @param body JSON
     * @param giveUp once aborted, the request and its connection end at once, also while connecting
     * @throws HttpError
     */
    async post(path: string, body: string, giveUp: AbortSignal): Promise<HttpResponse> {
      connection ??= openConnection(proxy, env);
      const { proxyInTurn, dispatcher } = connection;
      const request = { origin, path, method: "POST", headers: HEADERS, body };
      const { response, fail } = exchange(dispatcher, request);
      const end = () => {
        fail(proxyInTurn() ?? new Error("the request was given up"));
        close();
      };
      giveUp.addEventListener("abort", end);
      try {
        const whole = await response;
        // Node.js keeps a listener of the connection's signal for each socket that it has ever had.
        if (/\bclose\b/i.test(whole.headers.get("connection") ?? "")) close();
        return whole;
      } finally {
        giveUp.removeEventListener("abort", end);
      }
    },
  };
}

/** Sends a request. @returns `fail` has it end without a response */
function exchange(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions) {
  let fail: (cause: Error) => void = () => undefined;
  const response = new Promise<HttpResponse>((resolve, reject) => {
    let sent = false;
    let status = 0;
    let headers: HttpResponse["headers"] = new Map();
    const body = new BodyBuffer();
    fail = (cause) => reject(new HttpError(cause, sent));
    dispatcher.dispatch(request, {
      onRequestStart() {
        sent = true;
      },
      onResponseStart(_controller, code, given) {
        status = code;
        headers = new Map(Object.entries(given).map(([name, value]) => [name, [value].flat()[0] ?? ""]));
      },
      onResponseData: (_controller, piece) => body.add(piece),
      onResponseEnd: () => resolve({ status, headers, body: body.content() }),
      onResponseError: (_controller, error) => fail(error),
    });
  });
  return { response, fail };
}

/** A dispatcher of undici's with at most one socket to the API. */
function openConnection(proxy: ProxyAddress | undefined, env: Env) {
  const ended = new AbortController();
  // The proxy's sockets and those through its tunnel each have options of their own. The signal closes sockets that are
  // still connecting, which the dispatcher would leave alone.
  const socket = { rejectUnauthorized: true, timeout: 0, signal: ended.signal };
  let proxyClient: ProxyClient | undefined;
  const dispatcher = new EnvHttpProxyAgent({
    connections: 1,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: socket,
    requestTls: socket,
    proxyTls: socket,
    // There is one origin, and the proxy is the one for it. Empty texts keep undici from looking at the environment.
    httpProxy: proxy?.origin ?? "",
    httpsProxy: proxy?.origin ?? "",
    noProxy: env["no_proxy"] ?? env["NO_PROXY"] ?? "",
    ...(proxy !== undefined && {
      ...(proxy.authorization !== undefined && { token: proxy.authorization }),
      clientFactory: (_url: URL, options: object) => {
        proxyClient = new ProxyClient({ ...options, connections: 1 }, proxy);
        return proxyClient;
      },
    }),
  });
  return {
    dispatcher,
    /** The failure to tell of where a request is given up while the proxy has to make a tunnel for it. */
    proxyInTurn: () => (proxy && proxyClient?.isInTurn ? new ProxyError(proxy, {}) : undefined),
    close() {
      ended.abort();
      // What is open on it has its own way to tell.
      dispatcher.destroy().catch(() => undefined);
    },
  };
}

/** The connection to a proxy; what fails on it is told from what fails behind it. */
class ProxyClient extends Agent {
  /** Whether a tunnel is being made. */
  isInTurn = false;
  readonly #proxy: ProxyAddress;

  constructor(options: Agent.Options, proxy: ProxyAddress) {
    super(options);
    this.#proxy = proxy;
  }

  // The method is added to dispatchers by the whole of undici only.
  override async connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    this.isInTurn = true;
    try {
      const tunnel = await connect.call(this, options);
      if (tunnel.statusCode === 200) return tunnel;
      tunnel.socket.on("error", () => undefined).destroy();
      throw new ProxyError(this.#proxy, { status: tunnel.statusCode });
    } catch (cause) {
      // An error of undici's own would have it try again, at once and without end.
      throw cause instanceof ProxyError ? cause : new ProxyError(this.#proxy, { cause });
    } finally {
      this.isInTurn = false;
    }
  }
}
