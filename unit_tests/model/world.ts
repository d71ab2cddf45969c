import type { Fields, Page, PageQuery } from "../../src/browsee/page.ts";
import { createRandom, type Random } from "./random.ts";

export type Order = "ascending" | "descending" | "arbitrary" | "random";

/** A session of the model: what lasts is in id and at, what may change in version. */
export interface ModelSession {
  readonly id: number;
  /** Unix ms. */
  readonly at: number;
  /** Sessions with the same face can't be told apart by their lasting fields. */
  readonly face: string;
  readonly version: number;
}

/** How the model of the API behaves. */
export interface Behaviour {
  readonly order: Order;
  readonly startInclusive: boolean;
  readonly endInclusive: boolean;
  /** The API's own page size. */
  readonly pageSize: number;
  /** Every so many requests the set moves; 0 for never. */
  readonly moveEvery: number;
  readonly inserts: number;
  readonly removes: number;
  readonly changes: number;
  readonly where: "head" | "tail" | "anywhere";
  readonly seed: number;
}

/** No set grows for ever in one second. */
const MOST_MOVES = 100;

/** A set of sessions that moves while it is read, as a pure function of its seed and the requests. */
export interface World {
  answer(query: PageQuery): Page;
  sessions(): readonly ModelSession[];
  insert(at: number, face?: string): ModelSession;
  remove(id: number): void;
  change(id: number): void;
  /** Whether this session, in this version, ever existed. */
  existed(id: number, version: number): boolean;
  requests(): number;
  maxOffset(): number;
  /** Sessions that were there at the first request after this call and have been ever since. */
  watch(): () => readonly ModelSession[];
  /** The set stays as it is from now on. */
  freeze(): void;
}

/** @param starts Unix ms of the sessions at the beginning */
export function createWorld(starts: readonly number[], behaviour: Behaviour): World {
  const random = createRandom(behaviour.seed);
  const present = new Map<number, ModelSession>();
  const versions = new Map<number, number>();
  let nextId = 0;
  let requests = 0;
  let maxOffset = 0;
  let moves = 0;
  let frozen = behaviour.moveEvery === 0;
  let watchers: Set<number>[] = [];

  const world: World = {
    answer(query) {
      requests += 1;
      maxOffset = Math.max(maxOffset, query.from);
      if (!frozen && requests % behaviour.moveEvery === 0) {
        move(world, behaviour, random, query);
        moves += 1;
        frozen = moves === MOST_MOVES;
      }
      const rows = select([...present.values()], query, behaviour, requests);
      const limit = Math.min(query.limit, behaviour.pageSize);
      return { rows: rows.slice(query.from, query.from + limit).map(toRow), total: rows.length };
    },
    sessions: () => [...present.values()],
    insert(at, face) {
      const session = { id: nextId, at, face: face ?? `face ${nextId}`, version: 0 };
      nextId += 1;
      present.set(session.id, session);
      versions.set(session.id, 0);
      return session;
    },
    remove(id) {
      present.delete(id);
      for (const watched of watchers) watched.delete(id);
    },
    change(id) {
      const session = present.get(id);
      if (session === undefined) return;
      present.set(id, { ...session, version: session.version + 1 });
      versions.set(id, session.version + 1);
    },
    existed: (id, version) => (versions.get(id) ?? -1) >= version,
    requests: () => requests,
    maxOffset: () => maxOffset,
    watch() {
      const watched = new Set(present.keys());
      watchers = [...watchers, watched];
      return () => [...watched].flatMap((id) => present.get(id) ?? []);
    },
    freeze() {
      frozen = true;
    },
  };
  for (const at of starts) world.insert(at);
  return world;
}

function toRow({ id, at, face, version }: ModelSession): Fields {
  return { id, timestamp: at, face, version };
}

function select(all: readonly ModelSession[], query: PageQuery, behaviour: Behaviour, request: number) {
  const start = query.start * 1000;
  const end = query.end * 1000;
  const inside = all.filter(
    ({ at }) =>
      (behaviour.startInclusive ? at >= start : at > start) &&
      (behaviour.endInclusive ? at <= end : at < end),
  );
  const rank = ranking(behaviour, request);
  const ranks = new Map(inside.map((session) => [session, rank(session)]));
  return inside.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || a.id - b.id);
}

/** What a session's place in the answer is decided by. */
function ranking({ order, seed }: Behaviour, request: number): (session: ModelSession) => number {
  switch (order) {
    case "ascending":
      return ({ at }) => at;
    case "descending":
      return ({ at }) => -at;
    case "arbitrary":
      return ({ id }) => scatter(id, seed);
    case "random":
      return ({ id }) => scatter(id, Math.imul(request + 1, 0x85ebca6b) ^ seed);
  }
}

function scatter(id: number, salt: number): number {
  let mixed = Math.imul(id + 1, 0x9e3779b1) ^ salt;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function move(
  world: World,
  { inserts, removes, changes, where }: Behaviour,
  random: Random,
  query: PageQuery,
): void {
  const inside = world.sessions().filter(({ at }) => at >= query.start * 1000 && at < query.end * 1000);
  const sorted = inside.sort((a, b) => a.at - b.at);
  const pick = () => {
    const index = where === "head" ? 0 : where === "tail" ? sorted.length - 1 : random.below(sorted.length);
    return sorted[index];
  };
  const span = (query.end - query.start) * 1000;
  for (let n = 0; n < removes; n += 1) {
    const victim = pick();
    if (victim === undefined) break;
    world.remove(victim.id);
    sorted.splice(sorted.indexOf(victim), 1);
  }
  for (let n = 0; n < changes; n += 1) world.change(pick()?.id ?? -1);
  for (let n = 0; n < inserts; n += 1) {
    const offset =
      where === "head"
        ? random.below(1000)
        : where === "tail"
          ? span - 1 - random.below(1000)
          : random.below(span);
    world.insert(query.start * 1000 + Math.max(0, offset));
  }
}
