import type { PageQuery } from "../browsee/client.ts";

/** A span of time in whole Unix seconds: start inclusive, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A record as it is handed over. */
export interface OutputRecord {
  /** Its primary key, within its partition. */
  readonly key: string;
  /** Start of the row, Unix ms; undefined where it can't be read. */
  readonly start: number | undefined;
  /** The record's data as JSON text, on one line. */
  readonly json: string;
  /** Fields that could not be converted and are null in the data. */
  readonly nulled: readonly string[];
}

/**
 * A row of the API that has become a record, with what is needed to know it again. Its key is the same at every read, and
 * equal for rows that agree in every field that it is made of.
 */
export interface KeyedRow extends OutputRecord {
  /** 32 bits that differ if anything in the record differs. */
  readonly hash: number;
  /** 32 bits that tell rows with the same key apart by the fields that change least, so that each keeps its number. */
  readonly rank: number;
}

/** One response of the API: a snapshot of a part of the result set. */
export interface Page {
  /** Start of each row, Unix ms, in the API's order; undefined where it can't be read. */
  readonly starts: readonly (number | undefined)[];
  /** API field exports.total: rows of the whole result set; undefined where it was absent or no count. */
  readonly total: number | undefined;
  /** The rows as records, in the same order. They are made when this is first called: the next request does not wait for it. */
  rows(): readonly KeyedRow[];
}

/** Asks the API for one page. @throws ConnectorError, or Cancelled */
export type FetchPage = (query: PageQuery) => Promise<Page>;

/** The whole second that a start lies in, Unix s; NaN, which lies nowhere, where it can't be read. @param ms Unix ms */
export function secondOf(ms = Number.NaN): number {
  return Math.floor(ms / 1000);
}

/** Whether a start lies in a span; one that can't be read lies in none. @param ms Unix ms */
export function startsIn({ start, end }: Span, ms: number | undefined): boolean {
  return ms !== undefined && ms >= start * 1000 && ms < end * 1000;
}

/** Whether a start lies neither in a span nor in a second beside it: an API may show those too. @param ms Unix ms */
export function isOutside({ start, end }: Span, ms: number | undefined): boolean {
  return ms !== undefined && !startsIn({ start: start - 1, end: end + 1 }, ms);
}

/** What a person may want to know while a partition is read. */
export type Event =
  | {
      readonly kind: "window";
      /** Unix s, inclusive. */
      readonly from: number;
      /** Unix s, exclusive. */
      readonly to: number;
      /** Unix s: what lies before it is read once more; undefined at the first sync. */
      readonly reached: number | undefined;
    }
  /** What the API counts in the window, margins included. */
  | { readonly kind: "estimate"; readonly rows: number }
  | {
      readonly kind: "progress";
      /** Different rows that came in this run. */
      readonly rows: number;
      /** Unix s: how far the window has been read. */
      readonly reached: number;
      /** Unix s. */
      readonly windowEnd: number;
    }
  /** A response did not hold all of a span for another reason than its size. */
  | { readonly kind: "reread"; readonly span: Span; readonly why: string }
  /** Rows of a time that is passed over, because start_date was moved before they were read. */
  | { readonly kind: "skipped"; readonly span: Span }
  | { readonly kind: "warning"; readonly text: string };

/** Where records go. */
export interface Output {
  /** Takes the records at once; resolves when more may come. */
  records(batch: readonly OutputRecord[]): Promise<void>;
  report(event: Event): void;
}

/** What a run over one stream came to, also where it failed. Each figure is counted where the thing happens. */
export class Receipt {
  /** Unix s, inclusive: where what was asked for begins; undefined where nothing was to be read. */
  from: number | undefined;
  /** Unix s, exclusive: where it ends. */
  to: number | undefined;
  /** Rows that the API counted before they were read, margins included. */
  counted = 0;
  /** Different rows of that time that came. */
  came = 0;
  /** Records written. */
  written = 0;
  /** Answers that were asked for again because they did not agree, mostly because the set moved. */
  rereads = 0;
}

/** Rows by what is said of each, groups and rows in the order in which they came. */
export function groupRows<T>(rows: readonly KeyedRow[], of: (row: KeyedRow) => T): Map<T, KeyedRow[]> {
  const groups = new Map<T, KeyedRow[]>();
  for (const row of rows) {
    const name = of(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}
