import { isObject } from "./json.ts";
import { failureReply, jsonReply, type Reply } from "./reply.ts";
import { parseSwitches } from "./switches.ts";
import type { World } from "./world.ts";

/** The most sessions that one request may append. */
const MAX_APPENDED = 1_000_000;

/** The latest start in the set, ms since the epoch; undefined if it is empty. */
function newestStart({ dataset }: World): number | undefined {
  const range = dataset.range(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const newest = dataset.ids(range, Math.max(0, range.total - 1), 1)[0];
  return newest === undefined ? undefined : dataset.timestamp(newest);
}

function countIn(text: string): number | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const count = isObject(parsed) ? parsed["count"] : undefined;
    const fits = typeof count === "number" && Number.isInteger(count) && count > 0 && count <= MAX_APPENDED;
    return fits ? count : undefined;
  } catch {
    return undefined;
  }
}

function append(world: World, text: string): Reply {
  const count = countIn(text);
  if (count === undefined) return failureReply(400, `count is not an integer from 1 to ${MAX_APPENDED}.`);
  const now = world.settings.now();
  const from = (newestStart(world) ?? now - 3_600_000) + 1;
  // Where the newest session is of this very moment, there is no time between.
  const to = Math.max(now, from + 1);
  world.handle.appendGenerated(count, from, to);
  return jsonReply(200, { appended: count, from, to, sessions: world.handle.size() });
}

function setSwitches(world: World, text: string): Reply {
  try {
    const parsed: unknown = JSON.parse(text);
    const given = Object.entries(isObject(parsed) ? parsed : {});
    const unknown = given.find(([name]) => !Object.hasOwn(world.now.switches, name));
    if (unknown !== undefined) throw new RangeError(`There is no switch ${unknown[0]}.`);
    const texts = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
    world.handle.setSwitches(parseSwitches(texts));
    return jsonReply(200, { set: given.map(([name]) => name) });
  } catch (error) {
    return failureReply(400, error instanceof Error ? error.message : String(error));
  }
}

/** Whether a path is one of the stand-in's own. */
export function isControlPath(path: string): boolean {
  return path === "/stats" || path === "/append" || path === "/switches";
}

/**
 * Answers what the API does not have, for clients in other processes: GET /stats gives the stats, and POST /append
 * with `{"count": n}` adds n sessions that started between the newest one and now, and POST /switches with
 * `{"order": "activity"}` and the like changes how the API behaves.
 */
export function controlReply(world: World, method: string | undefined, path: string, text: string): Reply {
  if (path === "/stats" && method === "GET") {
    return jsonReply(200, { ...world.counters, sessions: world.handle.size() });
  }
  if (path === "/append" && method === "POST") return append(world, text);
  if (path === "/switches" && method === "POST") return setSwitches(world, text);
  return failureReply(405, "Method not allowed.", { allow: path === "/stats" ? "GET" : "POST" });
}
