import type { Page } from "../browsee/page.ts";
import type { Sighting } from "./row-reader.ts";
import { type Outcome, PAGE_ROWS, type Pass, requestedSpan, torn } from "./walk.ts";

/**
 * Requests for each page of what was met, after which no new row is expected any more: one that comes at random has
 * been missed by then once in 20,000 times.
 */
const PATIENCE = 10;
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
  let page = await ask(pass, 0);
  for (let starts = 0; starts < MOST_STARTS; starts += 1) {
    const end = await gatherOnce(pass, page);
    if ("kind" in end) return end;
    page = end;
  }
  return torn(undefined, "moved", "the sessions met did not add up to the API's count");
}

/** @returns how it ended, or the page with which it has to begin anew because the set has changed */
async function gatherOnce(pass: Pass, first: Page): Promise<Outcome | Page> {
  const gathering: Gathering = { rows: new Map(), requests: 0, grownAt: 0 };
  const { total } = first;
  if (total === undefined) return torn(total, "count", "exports.total is missing or no count");
  let page = first;
  for (let from = 0; page.total === total && size(gathering) <= total; page = await ask(pass, from)) {
    admit(gathering, page.rows.map(pass.identify));
    if (isWhole(gathering, total)) return hand(pass, gathering, total);
    if (isHopeless(gathering, page, total)) {
      return torn(total, "count", `exports.total is ${total}, but ${size(gathering)} sessions came`);
    }
    from = page.rows.length === 0 || from + page.rows.length >= total ? 0 : from + page.rows.length;
  }
  return page;
}

function ask(pass: Pass, from: number): Promise<Page> {
  return pass.fetch({ ...requestedSpan(pass.slice), from, limit: PAGE_ROWS });
}

function isWhole(gathering: Gathering, total: number): boolean {
  return size(gathering) === total && gathering.requests >= gathering.grownAt * 2;
}

function isHopeless(gathering: Gathering, { rows }: Page, total: number): boolean {
  const met = size(gathering);
  const pages = 1 + met / Math.max(1, rows.length);
  return met < total && gathering.requests - gathering.grownAt > PATIENCE * pages;
}

async function hand(pass: Pass, { rows }: Gathering, total: number): Promise<Outcome> {
  await pass.visit(
    [...rows.values()].flat(),
    { ...pass.slice, offset: total, total, last: "", twins: 0 },
    false,
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
