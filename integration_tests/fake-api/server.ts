import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { controlReply, isControlPath } from "./control.ts";
import { type ExportRoute, exportRoute } from "./export-route.ts";
import type { Handle } from "./handle.ts";
import type { FakeApiOptions } from "./options.ts";
import { failureReply, type Reply, sendReply } from "./reply.ts";
import type { LogEntry, Stats } from "./stats.ts";
import { createTimers, type Timers } from "./timers.ts";
import { createWorld, type World } from "./world.ts";

/** A running stand-in for the API. */
export interface FakeApi {
  /** Its origin, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly stats: Stats;
  /** The last requests, oldest first. */
  readonly log: readonly LogEntry[];
  readonly handle: Handle;
  /** Ends all connections and delays; resolves when nothing is left open. May be called again. */
  readonly close: () => Promise<void>;
}

const MAX_BODY_CHARACTERS = 1_000_000;
/** Clients may pause between two pages for longer than Node's 5 s. */
const KEEP_ALIVE_MS = 65_000;

/** Calls `done` with the whole body; with `undefined` as soon as it is too long. Never if the client goes first. */
function receiveBody(request: IncomingMessage, done: (text: string | undefined) => void): void {
  let text = "";
  let tooLong = false;
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    if (tooLong) return;
    text += chunk;
    tooLong = text.length > MAX_BODY_CHARACTERS;
    if (tooLong) done(undefined);
  });
  request.on("end", () => {
    if (!tooLong) done(text);
  });
}

/** What is answered before the export paths' own rules apply, if anything is. */
function earlyReply(
  world: World,
  { method }: IncomingMessage,
  path: string,
  text: string | undefined,
): Reply | undefined {
  if (world.settings.control === true && isControlPath(path)) {
    return controlReply(world, method, path, text ?? "");
  }
  if (!world.sets.has(path)) return failureReply(404, "Not found.");
  if (method !== "POST") return failureReply(405, "Method not allowed.", { allow: "POST" });
  if (text === undefined) return failureReply(413, "Body too large.", { connection: "close" });
  return undefined;
}

function respond(world: World, route: ExportRoute, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  receiveBody(request, (text) => {
    const early = earlyReply(world, request, path, text);
    if (early !== undefined) {
      sendReply(request, response, early, world.settings.gzip);
      return;
    }
    try {
      route(path, request, response, text ?? "");
    } catch (error) {
      // A hook of the test's that throws must show in the test that waits for this answer.
      const words = error instanceof Error ? error.message : String(error);
      sendReply(request, response, failureReply(500, `The stand-in failed: ${words}`), false);
    }
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function close(server: Server, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    timers.stop();
    // Closing a server that is closed already is no failure here.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * Starts a stand-in for the API on this machine's loopback.
 * @throws RangeError if the options contradict each other; what `listen` throws if the port is taken
 */
export async function startFakeApi(options: FakeApiOptions = {}): Promise<FakeApi> {
  const world = createWorld(options);
  const timers = createTimers();
  const route = exportRoute(world, timers);
  const server = createServer((request, response) => respond(world, route, request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, world.settings.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stats: world.counters,
    log: world.log.entries,
    handle: world.handle,
    close: () => close(server, timers),
  };
}
