import { connect as connectTcp, isIP, type Socket } from "node:net";
import type { connect } from "node:tls";
import { defaultPort } from "./proxy.ts";

/** A connection that is being made. */
export interface Dialled {
  readonly socket: Socket;
  /** The event that tells that it stands. */
  readonly opens: "connect" | "secureConnect";
}

/** How a connection is made. */
export interface DialOptions {
  /** A tunnel to the host. */
  readonly through?: Socket;
  /** Called with what comes instead of the event `data`, and with the same memory each time; not with a tunnel. */
  readonly onBytes?: (bytes: Buffer) => void;
}

/** Begins to connect to the host and port of a URL, with TLS where it is https. */
export type Dial = (to: URL, options?: DialOptions) => Dialled;

/** After this much silence the other side is asked whether it is still there. */
const PROBE_MS = 60_000;
/** What is read at once at most. */
const READ_BYTES = 64 * 1024;

/** Opens connections, each to the host it is told. @param connectTls of node:tls, which takes long to load; undefined where no host is https */
export function createDial(connectTls: typeof connect | undefined): Dial {
  /** By host; each spares the longer half of a handshake the next time. */
  const sessions = new Map<string, Buffer>();
  return (to, { through, onBytes } = {}) => {
    const { host, protocol, hostname, port } = to;
    const where = {
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port || defaultPort(protocol)),
      ...(onBytes !== undefined && { onread: reading(onBytes) }),
    };
    if (protocol === "http:") return { socket: lively(connectTcp(where)), opens: "connect" };
    if (connectTls === undefined) throw new Error("TLS is not loaded");
    const session = sessions.get(host);
    const socket = connectTls({
      ...where,
      // Also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise.
      rejectUnauthorized: true,
      ALPNProtocols: ["http/1.1"],
      ...(isIP(where.host) === 0 && { servername: where.host }),
      ...(session !== undefined && { session }),
      ...(through !== undefined && { socket: through }),
    });
    socket.on("session", (next) => sessions.set(host, next));
    return { socket: through === undefined ? lively(socket) : socket, opens: "secureConnect" };
  };
}

function lively(socket: Socket): Socket {
  return socket.setNoDelay(true).setKeepAlive(true, PROBE_MS);
}

function reading(onBytes: (bytes: Buffer) => void) {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (length: number) => {
    onBytes(buffer.subarray(0, length));
    return true;
  };
  return { buffer, callback };
}
