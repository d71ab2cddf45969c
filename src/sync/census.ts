import type { Sighting } from "./row-reader.ts";
import type { SliceProgress } from "./slice.ts";

/** Who was met in one pass over a slice, and how often. */
export interface Census {
  /**
   * Counts the rows that a page adds. Equal identities on one page are different sessions; one that was met on an
   * earlier page is put in doubt instead.
   * @returns the rows without the doubtful ones
   */
  admit(page: readonly Sighting[]): readonly Sighting[];
  /** Whether each identity was met once so far. */
  readonly unmet: boolean;
  /** How often an identity was met, doubtful ones included. */
  count(key: string): number;
  /** Rows whose identity was met on an earlier page. */
  readonly doubts: readonly Sighting[];
  /** Those rows, in doubt no longer. */
  takeDoubts(): readonly Sighting[];
}

/**
 * A census that has met nobody yet.
 * @param resume where an earlier run stopped: of what it met, the last row's identity is known
 */
export function createCensus(resume: SliceProgress | undefined): Census {
  const met = new Set<string>();
  if (resume !== undefined) met.add(resume.last);
  /** How often, where it is not once. */
  const counts = new Map<string, number>(resume === undefined ? [] : [[resume.last, resume.twins]]);
  const doubts: Sighting[] = [];
  const count = (key: string) => counts.get(key) ?? (met.has(key) ? 1 : 0);
  return {
    doubts,
    get unmet() {
      return counts.size === 0;
    },
    takeDoubts: () => doubts.splice(0),
    count,
    admit(page) {
      let again = false;
      for (const { key } of page) {
        if (!met.has(key)) {
          met.add(key);
          continue;
        }
        counts.set(key, (counts.get(key) ?? 1) + 1);
        again = true;
      }
      return again ? sortOut(page, count, doubts) : page;
    },
  };
}

function sortOut(page: readonly Sighting[], count: Census["count"], doubts: Sighting[]): readonly Sighting[] {
  const here = new Map<string, number>();
  for (const { key } of page) here.set(key, (here.get(key) ?? 0) + 1);
  const earlier = (row: Sighting) => count(row.key) !== here.get(row.key);
  doubts.push(...page.filter(earlier));
  return inLastingOrder(page.filter((row) => !earlier(row)));
}

/** The same rows, with sessions of one identity in an order that does not depend on the API's, so that each keeps its number. */
export function inLastingOrder(rows: readonly Sighting[]): readonly Sighting[] {
  const groups = new Map<string, Sighting[]>();
  for (const row of rows) groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  for (const group of groups.values())
    if (group.length > 1) group.sort((a, b) => (text(a) < text(b) ? -1 : 1));
  return rows.map((row) => groups.get(row.key)?.shift() ?? row);
}

function text({ row }: Sighting): string {
  return JSON.stringify(Object.entries(row).sort());
}
