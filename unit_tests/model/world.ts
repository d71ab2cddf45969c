import { type Case, EPOCH } from "./case.ts";
import type { Random } from "./random.ts";

/** A session of the model. What lasts is in id, at and face; every change makes a new object. */
export interface Session {
  readonly id: number;
  /** Unix ms. */
  readonly at: number;
  /** Sessions with the same face can't be told apart by their lasting fields. */
  readonly face: string;
  /** Grows with each change of content. */
  readonly version: number;
  /** ms: from its start to its last activity. */
  readonly length: number;
  /** A field that changes, by which rows may be sorted. */
  readonly rank: number;
  /** A field that lasts and means nothing, by which rows may be sorted. */
  readonly tie: number;
  /** Its place in the order of insertion. */
  readonly inserted: number;
  readonly readable: boolean;
  /** Grows with each change of any session of the same face. */
  readonly family: number;
}

/** The sessions that there are. */
export interface World {
  /** Grows with each change. */
  revision(): number;
  /** In no particular order; the same array until something changes. */
  sessions(): readonly Session[];
  find(id: number): Session | undefined;
  /**
   * @param at Unix ms
   * @param like a session to agree with in all lasting fields
   * @param inserted its place in the order of insertion; the last one if not given
   */
  insert(at: number, like?: Session, inserted?: number): Session;
  /** The new session takes the place of one that goes. */
  replace(gone: Session, at: number): void;
  remove(id: number): void;
  /** Takes new values for what may change. */
  change(id: number, values: Partial<Pick<Session, "version" | "length" | "rank">>): void;
  /** Whether this session, in this version, ever existed. */
  existed(id: number, version: number): boolean;
  /** How many sessions there have ever been. */
  everCount(): number;
}

/** An empty world. */
export function createWorld(tried: Case, random: Random): World {
  const present = new Map<number, Session>();
  const versions: number[] = [];
  const families = new Map<string, Set<number>>();
  let list: readonly Session[] | undefined;
  let revision = 0;

  const touch = (face: string) => {
    list = undefined;
    revision += 1;
    const members = families.get(face) ?? new Set();
    if (members.size > 1) for (const id of members) put(id, { family: revision });
  };
  const put = (id: number, values: Partial<Session>) => {
    const session = present.get(id);
    if (session !== undefined) present.set(id, { ...session, ...values });
  };
  const add = (session: Session) => {
    present.set(session.id, session);
    versions.push(session.version);
    families.set(session.face, (families.get(session.face) ?? new Set()).add(session.id));
    touch(session.face);
    return session;
  };
  const remove = (id: number) => {
    const face = present.get(id)?.face ?? "";
    present.delete(id);
    touch(face);
    families.get(face)?.delete(id);
  };
  const begin = (at: number) => {
    const start = tried.wholeSeconds ? at - (at % 1000) : Math.floor(at);
    return { ...newSession(versions.length, start, tried, random), family: revision };
  };
  return {
    revision: () => revision,
    sessions: () => (list ??= [...present.values()]),
    find: (id) => present.get(id),
    insert(at, like, inserted) {
      const session = begin(at);
      const place = { inserted: inserted ?? session.id };
      if (like === undefined) return add({ ...session, ...place });
      return add({ ...session, ...place, at: like.at, face: like.face, readable: like.readable });
    },
    replace(gone, at) {
      remove(gone.id);
      add({ ...begin(at), rank: gone.rank, inserted: gone.inserted });
    },
    remove,
    change(id, values) {
      put(id, values);
      versions[id] = present.get(id)?.version ?? 0;
      touch(present.get(id)?.face ?? "");
    },
    existed: (id, version) => (versions[id] ?? -1) >= version,
    everCount: () => versions.length,
  };
}

function newSession(id: number, at: number, tried: Case, random: Random): Session {
  return {
    id,
    at,
    face: `face ${id}`,
    version: 0,
    length: Math.floor(random.fraction() ** 3 * tried.length),
    rank: random.fraction(),
    tie: random.fraction(),
    inserted: id,
    readable: !random.chance(tried.unreadable),
    family: 0,
  };
}

/** The sessions that a case begins with, inserted in the order of their starts but for the late ones. */
export function populate(world: World, tried: Case, random: Random): void {
  const { window, outside, dense, crowding, sessions, late } = tried;
  const middle = (EPOCH + window / 2) * 1000;
  const low = dense > 0 ? middle : (EPOCH - outside) * 1000;
  const width = (dense > 0 ? dense : window + 2 * outside) * 1000;
  const starts = Array.from({ length: sessions }, () => low + random.fraction() ** crowding * width);
  for (const [index, at] of starts.sort((a, b) => a - b).entries()) {
    const duplicate = random.chance(tried.duplicates) ? world.find(random.below(index)) : undefined;
    const delay = random.chance(late) ? 1 + random.below(sessions) : 0;
    world.insert(at, duplicate, index + delay);
  }
  for (let n = 0; n < tried.burst; n += 1) world.insert(middle + random.below(1000));
  const bot = tried.bots > 0 ? world.insert(middle + 123) : undefined;
  for (let n = 1; n < tried.bots; n += 1) world.insert(middle, bot);
}
