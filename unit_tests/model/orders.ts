import type { Case } from "./case.ts";
import { scatter } from "./random.ts";
import type { Session, World } from "./world.ts";

type Compare = (a: Session, b: Session) => number;

/**
 * Sorts what there is once for each state of it, since most requests meet the state of the one before.
 * @returns rows of one answer in the API's order
 */
export function createSorter(world: World, tried: Case) {
  let sorted: readonly Session[] = [];
  let revision = -1;
  const compare = comparison(tried);
  return (wanted: (session: Session) => boolean, request: number): readonly Session[] => {
    if (revision !== world.revision()) {
      revision = world.revision();
      sorted = [...world.sessions()].sort(compare);
    }
    return settle(sorted.filter(wanted), tried, request);
  };
}

/** The same from another moment's sessions. */
export function sortOnce(
  sessions: readonly Session[],
  tried: Case,
  wanted: (session: Session) => boolean,
  request: number,
): readonly Session[] {
  return settle(sessions.filter(wanted).sort(comparison(tried)), tried, request);
}

function comparison(tried: Case): Compare {
  const place = placeOf(tried);
  return (a, b) => place(a) - place(b) || a.tie - b.tie || a.id - b.id;
}

/** What is decided anew with each request. */
function settle(rows: Session[], tried: Case, request: number): readonly Session[] {
  if (tried.lastingTies && tried.order !== "random") return rows;
  const place = tried.order === "random" ? () => 0 : placeOf(tried);
  const ties = new Map(rows.map(({ id }) => [id, scatter(id, request)]));
  const tie = ({ id }: Session) => ties.get(id) ?? 0;
  return rows.sort((a, b) => place(a) - place(b) || tie(a) - tie(b));
}

function placeOf({ order, bySecond }: Case): (session: Session) => number {
  const start = bySecond ? ({ at }: Session) => Math.floor(at / 1000) : ({ at }: Session) => at;
  switch (order) {
    case "ascending":
      return start;
    case "descending":
      return (session) => -start(session);
    case "insertion":
      return ({ inserted }) => inserted;
    case "newest":
      return ({ inserted }) => -inserted;
    case "activity":
      return ({ at, length }) => -(at + length);
    case "changing":
      return ({ rank }) => rank;
    case "arbitrary":
    case "random":
      return ({ tie }) => tie;
  }
}
