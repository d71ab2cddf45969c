import type { Answer, Api, Query } from "./api.ts";
import { type Case, EPOCH } from "./case.ts";
import type { Checkpoint, Destination } from "./destination.ts";
import type { Expectations } from "./expectations.ts";
import type { Written } from "./reader.ts";
import type { Session } from "./world.ts";

/** What must never happen. */
export type Problem =
  /** A session that stood was not written by the end of a sync. */
  | "lost"
  /** A session before a state's timestamp was not written before that state. */
  | "early"
  /** The same, of a session that came later but was there when its place was read. */
  | "passed"
  /** A record of what never existed, or lies outside of the window. */
  | "invented"
  /** A session has a second key though neither it nor a duplicate changed. */
  | "second key"
  /** The same record twice in a run that is not behind a kill. */
  | "repeated"
  /** What had not changed was written again by a sync at rest. */
  | "sent again"
  /** More than 1,000 records between checkpoints. */
  | "wide gap"
  /** More than 4 × n / p + 200 requests. */
  | "too many requests"
  /** An error that this API gives no reason for. */
  | "wrong end"
  /** No ConnectorError. */
  | "crash";

/** How often each happened; no entry for what did not. */
export type Problems = Partial<Record<Problem, number>>;

type Held = ReturnType<Destination["held"]>;

const MOST_RECORDS = 1000;

/** Looks on while a case is played. */
export interface Judge {
  /** A chain of runs that make one sync begins. @param from and to: Unix s, what is to be complete at its end */
  beginSync(from: number, to: number): void;
  /** @param behindKill whether some records may come again */
  beginRun(to: number, behindKill: boolean): void;
  answered(query: Query, answer: Answer): void;
  record(row: Written): void;
  checkpoint(checkpoint: Checkpoint): void;
  endRun(): void;
  /** The sync says that it is complete. */
  complete(): void;
  note(problem: Problem): void;
  readonly problems: Problems;
}

export function createJudge(
  tried: Case,
  api: Api,
  destination: Destination,
  { trustsStart, mayMiss }: Expectations,
): Judge {
  const problems: Problems = {};
  const keys = new Map<number, Written>();
  /** The requests whose answers first showed sessions with all others that were asked for, ahead of what was read. */
  const shown = new Map<number, number>();
  let watched: readonly Session[] = [];
  let syncs = 0;
  let end = 0;
  let mayRepeat = false;
  let requestsBefore = 0;
  /** Unix ms: what this run has been shown whole. */
  let readTo = 0;
  let inRun = new Set<string>();

  const note = (problem: Problem) => {
    problems[problem] = (problems[problem] ?? 0) + 1;
  };
  const noteUnwritten = (sessions: readonly Session[], problem: Problem, before: number, held: Held) => {
    for (const { id, at } of sessions) {
      if (at < before && !held.has(id) && api.world.find(id) !== undefined) note(problem);
    }
  };
  // What the last request brought may still be under way.
  const isDue = ({ id, at }: Session) =>
    at >= EPOCH * 1000 && (shown.get(id) ?? Number.POSITIVE_INFINITY) < api.requests();
  return {
    problems,
    note,
    beginSync(from, to) {
      syncs += 1;
      watched = api.world.sessions().filter(({ at }) => at >= from * 1000 && at < to * 1000);
    },
    beginRun(to, behindKill) {
      end = to;
      mayRepeat = behindKill;
      requestsBefore = api.requests();
      readTo = destination.checkpoints().at(-1)?.timestamp ?? 0;
      inRun = new Set();
    },
    answered({ from, end: to }, { rows, total }) {
      if (from > 0 || total !== rows.length || rows.length >= tried.pageSize) return;
      for (const { id, at } of rows) {
        if (at >= readTo && !shown.has(id)) shown.set(id, api.requests());
      }
      readTo = Math.max(readTo, to * 1000);
    },
    record(row) {
      const name = `${row.id} ${row.version} ${row.key}`;
      if (inRun.size === inRun.add(name).size && !mayRepeat) note("repeated");
      const isInside = !row.readable || (row.at >= EPOCH * 1000 && row.at < end * 1000);
      if (!isInside || !api.world.existed(row.id, row.version)) note("invented");
      if (hasNewKey(row, keys)) note("second key");
    },
    checkpoint({ timestamp }) {
      // In later syncs it stands still while the lookback is read again.
      if (syncs > 1 || !trustsStart) return;
      const held = destination.held();
      noteUnwritten(watched, "early", timestamp, held);
      const seen = api.world.sessions().filter(isDue);
      noteUnwritten(seen, "passed", Math.min(timestamp, end * 1000), held);
    },
    endRun() {
      const n = api.world.everCount();
      const budget = (4 * n) / api.rowsOfAPage() + 200;
      if (api.requests() - requestsBefore > budget) note("too many requests");
      if (destination.widestGap() > MOST_RECORDS) note("wide gap");
    },
    complete() {
      const held = destination.held();
      const isLost = ({ id, version }: Session) =>
        api.world.find(id) !== undefined && (held.get(id) ?? -1) < version;
      const lost = watched.filter(isLost).length;
      for (let n = 0; lost > mayMiss && n < lost; n += 1) note("lost");
    },
  };
}

/** Whether a session has another key, although neither it nor any duplicate of it has ever changed, come or gone. */
function hasNewKey(row: Written, keys: Map<number, Written>): boolean {
  const before = keys.get(row.id);
  keys.set(row.id, row);
  return before?.version === row.version && row.family === 0 && before.family === 0 && before.key !== row.key;
}
