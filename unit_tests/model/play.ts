import { setImmediate as aWhile } from "node:timers/promises";
import { ConnectorError } from "../../src/errors.ts";
import { type Answer, type Api, createApi, firstSync, type Query } from "./api.ts";
import { type Case, EPOCH } from "./case.ts";
import { type Checkpoint, createDestination, type Destination } from "./destination.ts";
import { expectations } from "./expectations.ts";
import { createJudge, type Judge, type Problems } from "./judge.ts";
import { createRandom, type Random } from "./random.ts";
import { Killed, type Reader } from "./reader.ts";

/** What came of a case. */
export interface Verdict {
  readonly problems: Problems;
  /** "ok", or the code of the first error. */
  readonly end: string;
  /** The first error's message. */
  readonly message: string;
  /** Of the first sync, all its runs. */
  readonly requests: number;
  /** Sessions in the first sync's window when it began. */
  readonly sessions: number;
  /** What their number would cost in full pages. */
  readonly ideal: number;
  /** Records that the table held already when a run behind a kill wrote them. */
  readonly repeatedAfterKill: number;
  readonly kills: number;
}

/** A run is not killed more often than this in one sync. */
const MOST_KILLS = 7;
/** s between the beginnings of a killed run and the next. */
const RESTART = 30;
/** s between two syncs. */
const INTERVAL = 3600;

/** Plays a case to its end: all its syncs with all their kills, then one more and another at rest. */
export async function play(tried: Case, reader: Reader): Promise<Verdict> {
  const api = createApi(tried);
  const destination = createDestination();
  const expected = expectations(tried);
  const judge = createJudge(tried, api, destination, expected);
  const stage = { tried, api, destination, judge, reader, random: createRandom(tried.seed + 99) };

  const window = { from: EPOCH, to: firstSync(tried) };
  const sessions = api.world.sessions().filter((each) => startsIn(each.at, window)).length;
  const first = await sync(stage, window, true);
  const requests = api.requests();
  if (first.error !== undefined && !expected.ends.includes(codeOf(first.error))) judge.note("wrong end");
  if (first.error instanceof ConnectorError === false && first.error !== undefined) judge.note("crash");
  if (first.error === undefined) await laterSyncs(stage, first);
  else if (expected.recovers) await recover(stage, window);
  return {
    problems: judge.problems,
    end: first.error === undefined ? "ok" : codeOf(first.error),
    message: first.error instanceof Error ? first.error.message : "",
    requests,
    sessions,
    ideal: Math.max(1, sessions / Math.min(tried.pageSize, 100)),
    repeatedAfterKill: first.again,
    kills: first.kills,
  };
}

interface Stage {
  readonly tried: Case;
  readonly api: Api;
  readonly destination: Destination;
  readonly judge: Judge;
  readonly reader: Reader;
  readonly random: Random;
}

interface Window {
  /** Unix s, inclusive. */
  readonly from: number;
  /** Unix s, exclusive: where the first run's clock stands. */
  readonly to: number;
}

interface Outcome {
  readonly error: unknown;
  /** Unix s: the end of the last run's window. */
  readonly to: number;
  /** Records that the table held already. */
  readonly again: number;
  readonly kills: number;
}

/** One sync: runs that are killed, and one that is not. */
async function sync(stage: Stage, window: Window, mayBeKilled: boolean): Promise<Outcome> {
  stage.api.settle();
  stage.judge.beginSync(window.from, window.to);
  const begun = stage.destination.checkpoints().at(-1);
  return runs(stage, window, mayBeKilled, begun);
}

async function runs(
  stage: Stage,
  window: Window,
  mayBeKilled: boolean,
  begun: Checkpoint | undefined,
): Promise<Outcome> {
  const { tried, api, destination, judge, random } = stage;
  let again = 0;
  for (let kills = 0; ; kills += 1) {
    const to = window.to + kills * RESTART;
    const killable = mayBeKilled && tried.kill > 0 && kills < MOST_KILLS;
    const killAt = killable ? 1 + random.below(tried.kill) : undefined;
    const result = await run(stage, to, killAt, kills > 0);
    if (kills > 0) again += result.again;
    if (!result.killed) {
      if (result.error === undefined) judge.complete();
      return { error: result.error, to, again, kills };
    }
    destination.rollBack(chooseState(stage, begun));
    api.pause(tried.pause);
  }
}

async function laterSyncs(stage: Stage, first: Outcome): Promise<void> {
  const { tried, api, judge } = stage;
  let { to } = first;
  for (let n = 1; n < tried.syncs; n += 1) {
    api.pause(5);
    const next = { from: Math.max(EPOCH, to - tried.lookback), to: to + INTERVAL };
    const outcome = await sync(stage, next, true);
    if (outcome.error !== undefined) return;
    to = outcome.to;
  }
  if (tried.syncs < 2) return;
  api.freeze(true);
  const settling = await sync(stage, { from: Math.max(EPOCH, to - tried.lookback), to: to + 60 }, false);
  const resting = await run(stage, settling.to + 60);
  if (settling.error !== undefined || !expectations(tried).restsAtRest) return;
  for (let n = 0; n < resting.again; n += 1) judge.note("sent again");
}

/** What a sync did not bring, the next one does, if nothing moves. */
async function recover(stage: Stage, window: Window): Promise<void> {
  stage.api.freeze(true);
  const outcome = await runs(stage, { from: window.from, to: window.to + INTERVAL }, false, undefined);
  if (outcome.error !== undefined) stage.judge.note("wrong end");
}

async function run(stage: Stage, to: number, killAt?: number, behindKill = false) {
  const { tried, api, destination, judge, reader } = stage;
  const before = api.requests();
  let again = 0;
  let dead = false;
  judge.beginRun(to, behindKill);
  const last = destination.checkpoints().at(-1);
  const isBare = behindKill && tried.resume === "bare";
  const bare = isBare && last !== undefined ? { timestamp: last.timestamp } : undefined;
  const surroundings = {
    maxFingerprints: tried.maxFingerprints,
    monotonicNow: () => api.requests() * tried.latency * 1000,
    async fetch(query: Query): Promise<Answer> {
      const deadly = api.requests() - before + 1 === killAt;
      // Killed when it asks, or while it waits: what it has asked for ahead may come too late for it.
      dead ||= deadly && api.requests() % 2 === 0;
      const answer = api.answer(query);
      judge.answered(query, answer);
      await aWhile();
      dead ||= deadly;
      if (dead) throw new Killed();
      return answer;
    },
    async records(batch: Parameters<Destination["write"]>[0]) {
      if (dead) return;
      for (const row of batch) {
        judge.record(row);
        if (destination.holds(row)) again += 1;
      }
      destination.write(batch);
    },
    async checkpoint(next: unknown) {
      if (!dead) judge.checkpoint(destination.checkpoint(next));
    },
  };
  const bounds = { startDate: EPOCH, endDate: undefined, lookback: tried.lookback, now: to };
  const error = await reader(surroundings, bare ?? last?.state, bounds).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  judge.endRun();
  return { error, again, killed: dead };
}

/** The state that the next run gets, of this sync or the one it began with; and so what the destination has kept. */
function chooseState(stage: Stage, begun: Checkpoint | undefined): Checkpoint | undefined {
  const all = stage.destination.checkpoints();
  if (stage.tried.resume !== "older") return all.at(-1);
  const first = begun === undefined ? 0 : all.indexOf(begun);
  return all[first + stage.random.below(all.length - first)];
}

function startsIn(at: number, { from, to }: Window): boolean {
  return at >= from * 1000 && at < to * 1000;
}

function codeOf(error: unknown): string {
  return error instanceof ConnectorError ? error.code : "crash";
}
