import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { type Kept, type KillSwitch, type Reading, runKilled } from "./killed-run.ts";
import { ID, optionsOf, type WorldCase, worlds } from "./worlds.ts";

const DAY_MS = 86_400_000;
const SEGMENTS = ["mobile-visitors", "from-campaigns"];

/** How a run ends, and with which state the next one begins. */
interface Kill {
  /** Killed at this request of the run. */
  readonly after: number;
  readonly next: "last" | "bare" | "older";
}

const kills: fc.Arbitrary<Kill> = fc.record({
  after: fc.integer({ min: 1, max: 60 }),
  next: fc.constantFrom("last", "last", "bare", "older"),
});

/** The hidden identities that a record, or a session, counts for. */
function nameOf(data: Readonly<Record<string, unknown>>): string {
  const rest = data["additionalFields"];
  const id = typeof rest === "object" && rest !== null && ID in rest ? rest[ID] : undefined;
  return `${data["segmentId"]} ${id}`;
}

/** What was there throughout and has not been written. */
function missing(
  api: FakeApi,
  stream: string,
  since: number,
  written: ReadonlySet<string>,
): readonly string[] {
  const segments = stream === "sessions" ? [undefined] : SEGMENTS;
  return segments.flatMap((segmentId) => {
    const query = segmentId === undefined ? {} : { segmentId };
    const names = [...api.handle.presentThroughout(since, query)].map(({ id }) => `${segmentId} ${id}`);
    return names.filter((name) => !written.has(name));
  });
}

/** Records that say again what an earlier one said. */
function repeated({ records }: Kept): number {
  return records.length - new Set(records.map((record) => JSON.stringify(record))).size;
}

/** The state that a platform hands back, and the records that a destination has kept with it. */
function chosen({ records, checkpoints }: Kept, before: unknown, next: Kill["next"]) {
  const last = next === "older" ? checkpoints[checkpoints.length >> 1] : checkpoints.at(-1);
  if (last === undefined) return { state: before, records: [] };
  const state = next === "bare" ? bare(last.state) : last.state;
  return { state, records: records.slice(0, last.records) };
}

/** A state with its timestamps alone, as other tools make them. */
function bare(state: unknown): unknown {
  const keep = (name: string, value: unknown) =>
    ["offset", "total", "slice", "seen", "until", "since"].includes(name) ? undefined : value;
  return JSON.parse(JSON.stringify(state, keep));
}

async function readThroughout(world: WorldCase, killed: readonly Kill[]): Promise<void> {
  const kill: KillSwitch = { at: undefined, fire: () => undefined };
  const api = await startFakeApi(optionsOf(world, kill));
  const start = new Date(Date.now() - 40 * DAY_MS).toISOString().replace(/\.\d+Z/, "Z");
  const segments = world.stream === "sessions" ? {} : { segment_ids: SEGMENTS };
  const reading: Reading = { api, stream: world.stream, kill, config: { start_date: start, ...segments } };
  try {
    const since = api.handle.mark();
    const written = new Set<string>();
    let state: unknown;
    for (const { after, next } of killed) {
      kill.at = api.stats.requests + after;
      const part = await runKilled(reading, state);
      // With another filter than the start, a timestamp alone says only what has been asked for.
      const kept = chosen(part, state, "filter" in world.oddity && next === "bare" ? "last" : next);
      state = kept.state;
      for (const record of kept.records) written.add(nameOf(record));
    }
    kill.at = undefined;
    const last = await toTheEnd(reading, state, world, written);
    if (last.code === 0) expect(missing(api, world.stream, since, written)).toEqual([]);
    if (killed.length === 0) expect(repeated(last)).toBe(0);
    expect(api.stats).toMatchObject({ refused: 0, maxOpen: 1 });
  } finally {
    await api.close();
  }
}

/** INCOMPLETE is allowed while the set moves; once it rests, the next sync must bring all, if the API is consistent. */
async function toTheEnd(
  reading: Reading,
  state: unknown,
  world: WorldCase,
  written: Set<string>,
): Promise<Kept> {
  const keep = (part: Kept) => {
    expect(part.widest).toBeLessThanOrEqual(1000);
    for (const record of part.records) written.add(nameOf(record));
    return part;
  };
  const { api } = reading;
  const before = api.stats.requests;
  const last = keep(await runKilled(reading, state));
  const most = (4 * Math.max(api.handle.size(), world.count)) / Math.min(100, world.pageSize) + 200;
  expect(api.stats.requests - before).toBeLessThanOrEqual(most * (world.stream === "sessions" ? 1 : 2));
  if (last.code === 0) return last;
  expect(last.code).toBe(1);
  if (Object.keys(world.oddity).length > 0) return last;
  api.handle.setDrift([]);
  const next = await runKilled(reading, last.checkpoints.at(-1)?.state ?? state);
  expect([next.error, next.code]).toEqual([undefined, 0]);
  return { ...keep(next), records: [] };
}

const numRuns = Number(process.env["PROCESS_RUNS"] ?? 20);
/** The same worlds each time: others are looked for by hand, with another seed. */
const seed = Number(process.env["PROCESS_SEED"] ?? 900);

describe("the built program, over HTTP, on a set that moves", () => {
  it("loses no session that was there all the time, and sends none twice", async () => {
    const property = fc.asyncProperty(worlds, (world) => readThroughout(world, []));
    await fc.assert(property, { numRuns, seed, endOnFailure: true });
  }, 600_000);

  it("loses none however often it is killed, whatever state the next run is given", async () => {
    const several = fc.array(kills, { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(worlds, several, readThroughout);
    await fc.assert(property, { numRuns, seed, endOnFailure: true });
  }, 600_000);
});
