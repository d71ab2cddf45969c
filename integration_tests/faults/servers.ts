/** Small servers around the stand-in. */
import { createServer as createHttpServer, request } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificate } from "./certificate.ts";

/** A server on this machine's loopback. */
export interface Listening {
  readonly port: number;
  /** Connections so far. */
  connections(): number;
  /** Ends all connections; resolves when nothing is left open. */
  close(): Promise<void>;
}

/** Starts a server on any port that is free. */
export async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** https in front of another server. */
export interface TlsFront extends Listening {
  /** Bytes that came so far, decrypted. */
  received(): number;
}

/** @param port of the server behind it */
export async function tlsFront({ key, cert }: Certificate, port: number): Promise<TlsFront> {
  let received = 0;
  const server = createTlsServer({ key, cert }, (socket) => {
    socket.on("data", ({ length }: Buffer) => {
      received += length;
    });
    join(socket, connect(port, "127.0.0.1"));
  });
  return { ...(await listen(server)), received: () => received };
}

/**
 * https in front of a stand-in that ends the connection after each answer.
 * @param port the stand-in's
 * @param before holds a request back until it resolves
 */
export function closingFront(
  { key, cert }: Certificate,
  port: number,
  before: () => Promise<void> = async () => undefined,
): Promise<Listening> {
  const server = createHttpsServer({ key, cert }, async (incoming, response) => {
    await before();
    const { method, url: path, headers } = incoming;
    const onward = request({ port, host: "127.0.0.1", method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: "close" });
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  return listen(server);
}

/** A server that answers each request with the same bytes. @param headers besides content-length */
export function bodyServer(headers: Readonly<Record<string, string>>, body: Buffer): Promise<Listening> {
  return listen(createHttpServer((_request, response) => response.writeHead(200, headers).end(body)));
}

/** A server that takes connections and does not say a word. */
export function silentServer(): Promise<Listening> {
  return listen(createServer());
}

/** A proxy that makes tunnels (method CONNECT). */
export interface TunnelProxy extends Listening {
  /** What tunnels were asked for, as host:port, and with which Proxy-Authorization. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[];
  /** Requests besides. */
  readonly others: readonly string[];
}

/**
 * @param reply an HTTP status line, or "close", instead of a tunnel
 * @param leadTo a port of this machine that all tunnels lead to, whatever was asked for
 */
export async function startProxy(reply?: string, leadTo?: number): Promise<TunnelProxy> {
  const asked: TunnelProxy["asked"][number][] = [];
  const others: string[] = [];
  const server = createHttpServer((request, response) => {
    others.push(`${request.method} ${request.url}`);
    response.writeHead(400).end();
  });
  server.on("connect", ({ url = "", headers }, socket: Socket) => {
    asked.push({ target: url, authorization: headers["proxy-authorization"] });
    if (reply !== undefined) {
      socket.end(reply === "close" ? "" : `HTTP/1.1 ${reply}\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const place = leadTo === undefined ? { port: Number(port), host: hostname } : { port: leadTo };
    const target = connect(place, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      join(socket, target);
    });
    target.on("error", () => socket.destroy());
  });
  return { ...(await listen(server)), asked, others };
}

function join(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy()).on("close", () => to.destroy());
  }
}
