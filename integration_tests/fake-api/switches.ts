/** What the API leaves open, and what it may get wrong: may be set at the start, and while it runs. */
export interface Switches {
  /** Default ascending. */
  readonly order: Order;
  /** Whether rows of equal rank keep their order from one request to the next; default lasting. */
  readonly ties: "lasting" | "random";
  /** What of a session `start` and `end` are held against; default its start. */
  readonly filter: Filter;
  /** s: how much too late a session's start is taken to be, with filter shifted; negative for too early. */
  readonly shift: number;
  /** The API's own limit, at most 100. */
  readonly pageSize: number;
  /** Default right. */
  readonly total: Total;
  /** `total` is never above it; 0 (the default) for no bound. */
  readonly cap: number;
  /** Neither rows nor `total` go beyond it; 0 (the default) for no bound. */
  readonly ends: number;
  /** For so many requests a new session is not in a late count, and not in a replica; default 0. */
  readonly lag: number;
  /** How many of every two requests such a replica answers: 0 (the default) or 1. */
  readonly replicas: number;
}

/**
 * The order of the answers: by start, upwards or downwards; by insertion, first or last one first; by last activity,
 * last one first; by duration, which changes; arbitrary but always the same, whatever comes and goes in between; or
 * another one at every request.
 */
export type Order = (typeof ORDERS)[number];

/** What `start` and `end` are held against: see `rangeOf` and `wantedOf`. */
export type Filter = (typeof FILTERS)[number];

/** What `total` says: the truth; what it was `lag` requests ago; the rows of the page; and so on. */
export type Total = (typeof TOTALS)[number];

/** The orders in which rows can be answered. */
export const ORDERS = [
  "ascending",
  "descending",
  "insertion",
  "newest",
  "activity",
  "duration",
  "arbitrary",
  "random",
] as const;
const FILTERS = [
  "start",
  "end",
  "within",
  "overlap",
  "minutes",
  "hours",
  "shifted",
  "start-ignored",
  "end-ignored",
  "ignored",
] as const;
const TOTALS = [
  "right",
  "late",
  "page",
  "absent",
  "negative",
  "text",
  "more",
  "less",
  "alternating",
] as const;

/** As the documentation says. */
export const DEFAULT_SWITCHES: Switches = {
  order: "ascending",
  ties: "lasting",
  filter: "start",
  shift: 0,
  pageSize: 100,
  total: "right",
  cap: 0,
  ends: 0,
  lag: 0,
  replicas: 0,
};

/**
 * Reads switches from texts, as flags and control give them.
 * @param texts by the switches' names; those that are undefined are left out
 * @throws RangeError for a value that does not fit
 */
export function parseSwitches(texts: Readonly<Record<string, string | undefined>>): Partial<Switches> {
  const integer = (name: string, least: number, most = Number.MAX_SAFE_INTEGER) => {
    const text = texts[name];
    const value = Number(text);
    if (text === undefined) return {};
    if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least && value <= most)
      return { [name]: value };
    throw new RangeError(`${name} must be an integer from ${least} up, not "${text}"`);
  };
  const oneOf = <T extends string>(name: string, known: readonly T[]) => {
    const text = texts[name];
    const value = known.find((each) => each === text);
    if (value === undefined && text !== undefined)
      throw new RangeError(`${name} must be one of ${known.join(", ")}, not "${text}"`);
    return value;
  };
  const order = oneOf("order", ORDERS);
  const ties = oneOf("ties", ["lasting", "random"] as const);
  const filter = oneOf("filter", FILTERS);
  const total = oneOf("total", TOTALS);
  return {
    ...(order !== undefined && { order }),
    ...(ties !== undefined && { ties }),
    ...(filter !== undefined && { filter }),
    ...(total !== undefined && { total }),
    ...integer("shift", Number.MIN_SAFE_INTEGER),
    ...integer("pageSize", 1),
    ...integer("cap", 0),
    ...integer("ends", 0),
    ...integer("lag", 0),
    ...integer("replicas", 0, 1),
  };
}
