/** Unix s: the start date of every sync of the model. */
export const EPOCH = 1_700_000_000;

/** What the rows of an answer are sorted by. Changing: by a field that changes while it is read. */
export type Order =
  | "ascending"
  | "descending"
  | "insertion"
  | "newest"
  | "activity"
  | "changing"
  | "arbitrary"
  | "random";

/** What start and end of a request are held against. */
export type Filter =
  | "start"
  | "start-inclusive"
  | "start-exclusive"
  | "start-late"
  | "ceiling"
  | "end"
  | "within"
  | "overlap"
  | "minutes"
  | "hours"
  | "shifted"
  | "start-ignored"
  | "end-ignored"
  | "ignored";

/** What `total` says. */
export type Count =
  | "right"
  | "late"
  | "page"
  | "absent"
  | "negative"
  | "broken"
  | "more"
  | "less"
  | "alternating"
  | "wavering";

/** Which rows an offset gives. */
export type Paging = "right" | "overlapping" | "skipping" | "stuck";

/** What happens to the set between two requests. */
export type Move = "insert" | "remove" | "change" | "place" | "swap" | "late" | "duplicate";

/** The state that a killed run is followed by. Bare: its timestamp alone. Older: of some checkpoint before the last. */
export type Resume = "last" | "bare" | "older";

/** One case: an API, what it holds, how it moves, and how often the process is killed. Plain JSON, to be replayed. */
export interface Case {
  readonly seed: number;
  /** Sessions spread over the window and what lies around it. */
  readonly sessions: number;
  /** s: from the start date to the moment at which the first sync begins. */
  readonly window: number;
  /** s: sessions also start so long before and behind the window. */
  readonly outside: number;
  /** s: all start within so long in the middle of the window; 0 for all over it. */
  readonly dense: number;
  /** 1 for evenly spread; more crowds them towards the beginning. */
  readonly crowding: number;
  /** Further sessions that start within one second. */
  readonly burst: number;
  /** Further sessions that start within one millisecond and agree in all lasting fields. */
  readonly bots: number;
  /** The share of sessions that are made equal to another in all lasting fields. */
  readonly duplicates: number;
  /** Whether all start at a whole second. */
  readonly wholeSeconds: boolean;
  /** The share of sessions whose start can't be read. */
  readonly unreadable: number;
  /** The share of sessions that were inserted long after they began. */
  readonly late: number;
  /** ms: the longest session. */
  readonly length: number;

  readonly order: Order;
  /** Whether rows of the same place stay in one order from request to request. */
  readonly lastingTies: boolean;
  /** Whether starts are sorted by their whole seconds. */
  readonly bySecond: boolean;
  readonly filter: Filter;
  /** s: how far a filter "shifted" is off. */
  readonly shift: number;
  /** The most rows of an answer. */
  readonly pageSize: number;
  /** Whether each answer has another page size, up to that one. */
  readonly randomPages: boolean;
  /** Whether an answer has all rows, whatever was asked for. */
  readonly limitIgnored: boolean;
  readonly paging: Paging;
  readonly count: Count;
  /** Requests by which a late count, or a second replica, is behind. */
  readonly lag: number;
  /** Whether every other request is answered by a replica that is behind. */
  readonly replicas: boolean;
  /** `total` is never above it; 0 for no bound. */
  readonly cap: number;
  /** Neither rows nor `total` go beyond it; 0 for no bound. */
  readonly ends: number;

  /** How many changes to expect between two requests. */
  readonly move: number;
  readonly moves: readonly Move[];
  /** The share of insertions at the recent end. */
  readonly recent: number;
  /** Changes while no process runs, behind each kill. */
  readonly pause: number;
  /** A run is killed within so many requests; 0 for never. */
  readonly kill: number;
  readonly resume: Resume;

  /** Syncs one after the other; the set changes between them. */
  readonly syncs: number;
  /** s */
  readonly lookback: number;
  readonly maxFingerprints: number;
  /** s: how long a request takes. */
  readonly latency: number;
}

/** A case in which the API behaves as one would hope. */
export const usual: Case = {
  seed: 1,
  sessions: 100,
  window: 20_000,
  outside: 5400,
  dense: 0,
  crowding: 1,
  burst: 0,
  bots: 0,
  duplicates: 0.05,
  wholeSeconds: false,
  unreadable: 0,
  late: 0.03,
  length: 1_800_000,
  order: "descending",
  lastingTies: true,
  bySecond: false,
  filter: "start",
  shift: 0,
  pageSize: 20,
  randomPages: false,
  limitIgnored: false,
  paging: "right",
  count: "right",
  lag: 0,
  replicas: false,
  cap: 0,
  ends: 0,
  move: 0,
  moves: ["insert", "remove", "change", "place", "swap", "late", "duplicate"],
  recent: 0.2,
  pause: 0,
  kill: 0,
  resume: "last",
  syncs: 1,
  lookback: 86_400,
  maxFingerprints: 560,
  latency: 0.1,
};

/** What of a case is not usual: enough to replay it. */
export function unusual(tried: Case): Partial<Case> {
  const before = new Map<string, unknown>(Object.entries(usual));
  const differs = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(before.get(name));
  return Object.fromEntries(Object.entries(tried).filter(differs));
}
