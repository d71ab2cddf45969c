import { type Case, EPOCH, type Move } from "./case.ts";
import type { Random } from "./random.ts";
import type { Session, World } from "./world.ts";

/** Changes the set as often as is expected between two requests. */
export function moveAll(world: World, tried: Case, random: Random, expected: number): void {
  for (let left = expected; left > 0; left -= 1) {
    if (random.chance(Math.min(1, left))) moveOnce(world, tried, random);
  }
}

function moveOnce(world: World, tried: Case, random: Random): void {
  const kind = tried.moves[random.below(tried.moves.length)];
  const all = world.sessions();
  const session = all[random.below(all.length)];
  if (kind === "insert") world.insert(someStart(tried, random, tried.recent));
  else if (kind !== undefined && session !== undefined) moveSession(world, tried, random, kind, session);
}

function moveSession(world: World, tried: Case, random: Random, kind: Move, session: Session): void {
  switch (kind) {
    case "remove":
      world.remove(session.id);
      break;
    case "change":
      world.change(session.id, changed(session, random));
      break;
    case "place":
      world.change(session.id, { rank: random.fraction() });
      break;
    case "swap":
      swap(world, tried, random, session);
      break;
    case "late":
      world.insert(someStart(tried, random, 0), undefined, session.inserted);
      break;
    case "duplicate":
      if (tried.duplicates > 0) world.insert(session.at, session);
      break;
    case "insert":
  }
}

/** One goes and one comes, in its place in time or elsewhere, with its place in other orders. */
function swap(world: World, tried: Case, random: Random, gone: Session): void {
  world.replace(gone, random.chance(0.5) ? gone.at + 1 : someStart(tried, random, tried.recent));
}

/** What a session's content becomes: it goes on for up to a minute, too. */
function changed(session: Session, random: Random) {
  return {
    version: session.version + 1,
    length: session.length + random.below(60_000),
    rank: random.fraction(),
  };
}

/** Unix ms, in the window. */
function someStart({ window, dense }: Case, random: Random, recent: number): number {
  const part = random.chance(recent) ? 0.9 + 0.1 * random.fraction() : random.fraction();
  return dense > 0 ? (EPOCH + window / 2 + part * dense) * 1000 : (EPOCH + part * window) * 1000;
}
