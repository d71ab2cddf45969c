import type { Slice } from "./slice.ts";

/** Rows that a slice should hold at rest: few enough to read again, enough to waste no part of a page. */
const TARGET = 5000;
/** A slice with more rows than this is cut: offsets stay under 10,000. */
const MOST = 9900;
/** A target that fits a page even where the guess is a third off: one page can't be torn. */
const ONE_PAGE = 70;
/** Clean slices in a row before a size that was once torn is tried again. */
const PATIENCE = 8;

/** How many rows of the set lie before `end`, counted from where reading stands. */
interface Bound {
  readonly end: number;
  readonly rows: number;
}

/** What is known for choosing the next slice. */
export interface Sizing {
  /** Rows to aim at. */
  readonly target: number;
  /** The smallest size that was torn lately; undefined while nothing moved. */
  readonly torn: number | undefined;
  readonly cleanInARow: number;
  /** Rows a second of the slice before; undefined where it was empty or unknown. */
  readonly rate: number | undefined;
  /** Nested, the nearest end last. */
  readonly bounds: readonly Bound[];
}

/** Nothing known yet. */
export const newSizing: Sizing = {
  target: TARGET,
  torn: undefined,
  cleanInARow: 0,
  rate: undefined,
  bounds: [],
};

/** The most rows that the next slice may hold without being cut first. */
export function acceptable(sizing: Sizing): number {
  return Math.min(MOST, sizing.target * 2);
}

/**
 * Where the next slice ends.
 * @param start where it starts, Unix s
 * @param limit the latest it may end, Unix s, later than start
 */
export function sliceEnd(sizing: Sizing, start: number, limit: number): number {
  const bound = sizing.bounds.findLast(({ end }) => end > start);
  if (bound === undefined) return limit;
  const end = Math.min(bound.end, limit);
  if (bound.rows <= sizing.target * 1.5) return end;
  const width = sizing.rate === undefined ? blindWidth(sizing, bound, start) : sizing.target / sizing.rate;
  return Math.min(end, start + Math.max(1, Math.floor(width)));
}

/** Without a neighbour to go by: in proportion to the bound right after a cut, by halves after an empty slice. */
function blindWidth(sizing: Sizing, bound: Bound, start: number): number {
  const span = bound.end - start;
  return sizing.cleanInARow === 0 ? (span * sizing.target) / bound.rows : span / 2;
}

/** The slice holds more rows than acceptable and has not been read. */
export function afterCut(sizing: Sizing, slice: Slice, total: number): Sizing {
  const bounds = [...sizing.bounds.filter(({ end }) => end > slice.end), { end: slice.end, rows: total }];
  return { ...sizing, bounds, rate: undefined, cleanInARow: 0 };
}

/** The slice was read in one clean pass. */
export function afterClean(sizing: Sizing, slice: Slice, rows: number): Sizing {
  const bounds = sizing.bounds
    .filter(({ end }) => end > slice.end)
    .map((bound) => ({ end: bound.end, rows: Math.max(0, bound.rows - rows) }));
  // The request reaches a second further back than the slice.
  const rate = rows === 0 ? undefined : rows / (slice.end - slice.start + 1);
  const cleanInARow = sizing.cleanInARow + 1;
  const doubled = Math.min(TARGET, sizing.target * 2);
  const cautious = sizing.torn !== undefined && doubled > sizing.torn / 2 && cleanInARow < PATIENCE;
  if (cautious || rows * 2 < sizing.target) return { ...sizing, bounds, rate, cleanInARow };
  return { ...sizing, bounds, rate, target: doubled, cleanInARow: doubled > sizing.target ? 1 : cleanInARow };
}

/**
 * The set moved while the slice was read.
 * @param total what the API said the slice holds; undefined where it said nothing usable
 */
export function afterTorn(sizing: Sizing, slice: Slice, total: number | undefined): Sizing {
  const size = Math.min(total ?? sizing.target, sizing.target);
  const target =
    size > ONE_PAGE * 4 ? Math.ceil(size / 4) : Math.max(1, Math.min(ONE_PAGE, Math.floor(size / 2)));
  // Whatever the API says, the next try is half as long at most.
  const rows = Math.max(total ?? 0, target * 2);
  return { ...afterCut(sizing, slice, rows), target, torn: size, rate: rows / (slice.end - slice.start) };
}
