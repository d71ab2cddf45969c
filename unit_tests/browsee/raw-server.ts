import { createServer, type Socket } from "node:net";
import { type Listening, listen } from "../../integration_tests/faults/servers.ts";

/** A server that sends bytes of the test's choosing. */
export interface RawServer extends Listening {
  readonly origin: string;
  /** The requests so far, whole, as they came. */
  readonly requests: readonly string[];
}

/** @param reply called with each whole request's connection, and how many requests there were before it */
export async function startRawServer(reply: (socket: Socket, before: number) => void): Promise<RawServer> {
  const requests: string[] = [];
  const server = createServer((socket) => {
    let seen = "";
    socket.on("data", (bytes) => {
      seen += bytes.toString("utf8");
      if (!isWhole(seen)) return;
      requests.push(seen);
      seen = "";
      reply(socket, requests.length - 1);
    });
  });
  const listening = await listen(server);
  return { ...listening, origin: `http://127.0.0.1:${listening.port}`, requests };
}

function isWhole(request: string): boolean {
  const end = request.indexOf("\r\n\r\n");
  const [, length = "0"] = /content-length: (\d+)/i.exec(request) ?? [];
  return end >= 0 && Buffer.byteLength(request.slice(end + 4)) >= Number(length);
}
