import { once } from "node:events";
import type { Socket } from "node:net";
import { createDial, type Dial, type Dialled } from "./dial.ts";
import { openTunnel } from "./tunnel.ts";

/** Who is told of a connection. */
export interface Listener {
  /** It stands, TLS included. */
  onOpen(socket: Socket): void;
  /** @param bytes lent for the length of the call */
  onBytes(bytes: Buffer): void;
  /** The other side sends no more; may be told twice. */
  onEnd(): void;
  /** It could not be made, or broke, and is closed. */
  onError(error: unknown): void;
}

/** Makes a connection. @returns closes it, also while it is being made; no error is told any more then */
export type Connect = (listener: Listener) => () => void;

const TIMEOUT_MS = 20_000;

/**
 * Connections to one server.
 * @param origin of the server: scheme, host and port
 * @param proxy makes a tunnel to the server; undefined for a direct connection
 */
export function createConnect(origin: string, proxy: URL | undefined): Connect {
  const server = new URL(origin);
  const needsTls = [server, proxy].some((host) => host?.protocol === "https:");
  let dial: Dial | undefined;

  async function make(opened: (dialled: Dialled) => Promise<Socket>, listener: Listener): Promise<Socket> {
    dial ??= createDial(needsTls ? (await import("node:tls")).connect : undefined);
    if (proxy === undefined) return opened(dial(server, { onBytes: listener.onBytes }));
    const tunnel = await opened(dial(proxy));
    await openTunnel(tunnel, proxy, server);
    const through = server.protocol === "https:" ? await opened(dial(server, { through: tunnel })) : tunnel;
    return through.on("data", listener.onBytes).resume();
  }

  return (listener) => {
    const sockets: Socket[] = [];
    let isClosed = false;
    const close = () => {
      isClosed = true;
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
    };
    const fail = (error: unknown) => {
      if (isClosed) return;
      close();
      listener.onError(error);
    };
    const timer = setTimeout(
      () => fail(new Error(`no connection to ${server.host} within ${TIMEOUT_MS / 1000} s`)),
      TIMEOUT_MS,
    );
    const opened = async ({ socket, opens }: Dialled) => {
      sockets.push(socket.on("error", fail));
      if (isClosed) socket.destroy();
      await once(socket, opens);
      return socket;
    };
    const open = async () => {
      const socket = await make(opened, listener);
      clearTimeout(timer);
      if (!isClosed) listener.onOpen(socket.on("end", listener.onEnd).on("close", listener.onEnd));
    };
    open().catch(fail);
    return close;
  };
}
