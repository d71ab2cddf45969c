import type { Socket } from "node:net";
import { AnswerError, malformed } from "./answer-error.ts";
import { createHeadReader } from "./head.ts";
import { defaultPort } from "./proxy.ts";

/**
 * Has a proxy make a tunnel (RFC 9110, section 9.3.6). The socket is paused afterwards, and leads to the server.
 * @param socket an open connection to the proxy
 * @throws Error where the proxy refuses, ends the connection or answers with anything but HTTP
 */
export async function openTunnel(
  socket: Socket,
  proxy: URL,
  { protocol, hostname, port }: URL,
): Promise<void> {
  const to = `${hostname}:${port || defaultPort(protocol)}`;
  const lines = [`CONNECT ${to} HTTP/1.1`, `host: ${to}`, ...authorization(proxy)];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const status = await statusOf(socket);
  if (status < 200 || status > 299) {
    throw new Error(`the proxy ${proxy.host} answered with HTTP status ${status}`);
  }
}

function statusOf(socket: Socket): Promise<number> {
  const reader = createHeadReader();
  return new Promise((resolve, reject) => {
    const onEnd = () => reject(new AnswerError("ANSWER_CUT", "the proxy ended the connection"));
    const onData = (bytes: Buffer) => {
      try {
        const taken = reader.take(bytes);
        const head = reader.head();
        if (head === undefined) return;
        // The server waits for our first words.
        if (head.status < 300 && taken < bytes.length) throw malformed("tunnel");
        socket.pause().off("data", onData).off("end", onEnd);
        resolve(head.status);
      } catch (error) {
        reject(error);
      }
    };
    socket.on("data", onData).on("end", onEnd);
  });
}

function authorization({ username, password }: URL): readonly string[] {
  if (username === "" && password === "") return [];
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return [`proxy-authorization: Basic ${Buffer.from(plain).toString("base64")}`];
}
