import { createServer, type Socket } from "node:net";

/** A server that sends bytes of the test's choosing. */
export interface RawServer {
  readonly origin: string;
  /** The requests so far, whole, as they came. */
  readonly requests: readonly string[];
  /** Connections so far. */
  connections(): number;
  close(): Promise<void>;
}

/** @param reply called with each whole request's connection, and how many requests there were before it */
export async function startRawServer(reply: (socket: Socket, before: number) => void): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let seen = "";
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      seen += bytes.toString("utf8");
      if (!isWhole(seen)) return;
      requests.push(seen);
      seen = "";
      reply(socket, requests.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function isWhole(request: string): boolean {
  const end = request.indexOf("\r\n\r\n");
  const [, length = "0"] = /content-length: (\d+)/i.exec(request) ?? [];
  return end >= 0 && Buffer.byteLength(request.slice(end + 4)) >= Number(length);
}
