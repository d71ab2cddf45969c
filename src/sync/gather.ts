import type { Page } from "../browsee/page.ts";
import { type Sighting, sight } from "./row-reader.ts";
import { type Outcome, PAGE_ROWS, type Pass, requestedSpan, torn } from "./walk.ts";

/** Requests for each of the API's pages, after which a set that will not add up is given up. */
const PATIENCE = 40;
/** How often gathering may begin anew because the API's count has changed. */
const MOST_STARTS = 6;

/** All that was met while the API counted the same. */
interface Gathering {
  /** By identity: as many rows as one answer has shown at the most. */
  readonly rows: Map<string, readonly Sighting[]>;
  requests: number;
  /** Requests after which the last new row came. */
  grownAt: number;
}

/**
 * Reads a span that can't be cut and in which no order lasts from one request to the next: pages are asked for until
 * as many different rows were met as the API counts, and as often again without one more turning up.
 */
export async function gather(pass: Pass): Promise<Outcome> {
  for (let starts = 0, from = 0, first: Page | undefined; starts < MOST_STARTS; starts += 1) {
    const gathering: Gathering = { rows: new Map(), requests: 0, grownAt: 0 };
    let page = first ?? (await ask(pass, from));
    const { total } = page;
    if (total === undefined) return torn(total, "count", "exports.total is missing or no count");
    while (page.total === total && !hopeless(gathering, page, total)) {
      admit(gathering, sight(page, pass.identify));
      if (isWhole(gathering, total)) return hand(pass, gathering, total);
      from = page.rows.length === 0 || from + page.rows.length >= total ? 0 : from + page.rows.length;
      page = await ask(pass, from);
    }
    first = page;
  }
  return torn(undefined, "moved", "the sessions met did not add up to the API's count");
}

function ask(pass: Pass, from: number): Promise<Page> {
  return pass.fetch({ ...requestedSpan(pass.slice), from, limit: PAGE_ROWS });
}

function isWhole(gathering: Gathering, total: number): boolean {
  return size(gathering) === total && gathering.requests >= gathering.grownAt * 2;
}

function hopeless(gathering: Gathering, { rows }: Page, total: number): boolean {
  return size(gathering) > total || gathering.requests > PATIENCE * (1 + total / Math.max(1, rows.length));
}

async function hand(pass: Pass, { rows }: Gathering, total: number): Promise<Outcome> {
  await pass.visit(
    [...rows.values()].flat(),
    { ...pass.slice, offset: total, total, last: "", twins: 0 },
    false,
  );
  return { kind: "clean", total };
}

function admit(gathering: Gathering, page: readonly Sighting[]): void {
  gathering.requests += 1;
  const before = size(gathering);
  const byKey = new Map<string, Sighting[]>();
  for (const row of page) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  for (const [key, rows] of byKey) {
    if (rows.length >= (gathering.rows.get(key)?.length ?? 0)) gathering.rows.set(key, rows);
  }
  if (size(gathering) > before) gathering.grownAt = gathering.requests;
}

function size({ rows }: Gathering): number {
  let count = 0;
  for (const { length } of rows.values()) count += length;
  return count;
}
