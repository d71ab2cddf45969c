import type { FetchPage, Span } from "../../src/sync/page.ts";
import { PageKnowledge, Requests } from "../../src/sync/requests.ts";
import type { HeldRows } from "../../src/verify/held-rows.ts";
import { verifyPartition } from "../../src/verify/verify-partition.ts";

/** What a copy in memory is held against. */
export interface Against {
  /** The time that was exported. */
  readonly window: Span;
  /** The API. */
  readonly fetch: FetchPage;
  /** How long the API's sessions are, by key. */
  readonly lengths?: ReadonlyMap<string, number>;
}

/** Verifies a copy in memory. @param held keys with their starts, Unix ms @returns keys, sorted */
export async function verifyHeld(
  held: ReadonlyMap<string, number>,
  { window, fetch, lengths = new Map() }: Against,
) {
  const warn = () => undefined;
  const { differences } = await verifyPartition({
    requests: new Requests({ fetch, pages: new PageKnowledge(), acceptCountMismatch: false, warn }),
    window,
    held: copyOf(held, lengths),
    record: (row) => row,
    onMissing: async () => undefined,
    note: warn,
  });
  return { missing: [...differences.missing.keys()].sort(), gone: [...differences.gone.keys()].sort() };
}

/** A copy in memory. @param rows keys with their starts, Unix ms @param lengths of their sessions, by key */
function copyOf(rows: ReadonlyMap<string, number>, lengths: ReadonlyMap<string, number>): HeldRows {
  const all = [...rows].sort(([, a], [, b]) => a - b);
  const within = ({ start, end }: Span) => all.filter(([, ms]) => ms >= start * 1000 && ms < end * 1000);
  const seconds = (span: Span) => within(span).map(([, ms]) => Math.floor(ms / 1000));
  return {
    count: async (span) => within(span).length,
    doubled: async () => 0,
    async quietSecond(span, count) {
      const found = [span.start, ...seconds(span), span.end].flatMap((second, n, list) => {
        const next = list[n + 1] ?? second;
        return next - second >= 3 ? [{ at: n === 0 ? next - 1 : second + 2, off: Math.abs(n - count) }] : [];
      });
      return found.sort((a, b) => a.off - b.off)[0]?.at;
    },
    starts: async (span) => new Map(within(span)),
    known: async (records) => new Set(records.map(({ key }) => key).filter((key) => rows.has(key))),
    remove: async () => 0,
    first: async () => seconds({ start: 0, end: Number.MAX_SAFE_INTEGER })[0],
    async longest(span, count) {
      const byLength = ([a]: [string, number], [b]: [string, number]) =>
        (lengths.get(b) ?? 0) - (lengths.get(a) ?? 0);
      return new Map(within(span).sort(byLength).slice(0, count));
    },
  };
}
