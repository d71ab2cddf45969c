import type { KeyedRow } from "./page.ts";

/** Keys that are remembered: enough for two slices of history, the most that is read again. */
const MOST = 20_000;

/** A row with its number among the rows that share its key. */
export interface NumberedRow {
  readonly row: KeyedRow;
  /** 0 for most; further rows with the same key count on from there. */
  readonly number: number;
  /** The same for the same row, as long as its number stays. */
  readonly id: string;
}

/** How a row that comes stands to what came of it before in this run. */
export type Meeting =
  | { readonly kind: "new" | "same" }
  /** With other content than before, of which this is the hash. */
  | { readonly kind: "changed"; readonly before: number };

/** Remembers the rows that came lately, so that none is written twice, or under two keys, for coming in two responses. */
export interface WrittenRecords {
  /**
   * Numbers the rows of one snapshot. One that came before keeps its number. Others with the same key are sorted by what
   * changes least, so that each gets the same number at the next sync, whatever the API's order.
   */
  number(rows: readonly KeyedRow[]): readonly NumberedRow[];
  /** Notes that a row is written now, or need not be. */
  meet(numbered: NumberedRow): Meeting;
}

/**
 * What is known of a row, in one number: 21 bits of its rank and 32 of its content, negative as long as it was only
 * numbered. Numbers take a tenth of the memory of objects.
 */
type Known = number;

const HASHES = 2 ** 32;
const RANKS = 2 ** 20;

/** Forgets what has not come for longest. What is forgotten is written again: a repeat, no loss. */
export function createWrittenRecords(): WrittenRecords {
  /** By 52 bits of the key; the place in the list is the number. */
  const known = new Map<number, Known | Known[]>();

  function numberGroup(key: string, group: readonly KeyedRow[]): readonly NumberedRow[] {
    const name = nameOf(key);
    const entries = [known.get(name) ?? []].flat();
    const numbers = new Map<KeyedRow, number>();
    const free = new Map(entries.entries());
    const assign = (row: KeyedRow, fits: (each: Known) => boolean) => {
      const found = numbers.has(row) ? undefined : [...free].find(([, each]) => fits(Math.abs(each)));
      if (found === undefined) return;
      free.delete(found[0]);
      numbers.set(row, found[0]);
    };
    const sorted = group.length > 1 ? [...group].sort(compare) : group;
    if (free.size > 0) {
      for (const row of sorted) assign(row, (each) => each % HASHES === row.hash);
      for (const row of sorted) assign(row, (each) => Math.floor(each / HASHES) === rankOf(row));
    }
    const numbered = sorted.map((row) => {
      const number = numbers.get(row) ?? entries.length;
      entries[number] ??= -packed(row);
      return { row, number, id: `${key}#${number}` };
    });
    known.delete(name);
    known.set(name, entries.length === 1 && entries[0] !== undefined ? entries[0] : entries);
    return numbered;
  }

  return {
    number(rows) {
      const groups = new Map<string, KeyedRow[]>();
      for (const row of rows) {
        const group = groups.get(row.key);
        if (group === undefined) groups.set(row.key, [row]);
        else group.push(row);
      }
      const numbered = [...groups].flatMap(([key, group]) => numberGroup(key, group));
      for (const [oldest] of known) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
      return numbered;
    },
    meet({ row, number }) {
      const name = nameOf(row.key);
      const entries = [known.get(name) ?? []].flat();
      const before = entries[number] ?? -1;
      entries[number] = packed(row);
      known.set(name, entries.length === 1 ? packed(row) : entries);
      if (before < 0) return { kind: "new" };
      const hash = before % HASHES;
      return hash === row.hash ? { kind: "same" } : { kind: "changed", before: hash };
    },
  };
}

function nameOf(key: string): number {
  return Number.parseInt(key.slice(0, 13), 16);
}

/** Never 0, so that its sign counts. */
function rankOf({ rank }: KeyedRow): number {
  return (rank % RANKS) + 1;
}

function packed(row: KeyedRow): Known {
  return rankOf(row) * HASHES + row.hash;
}

function compare(a: KeyedRow, b: KeyedRow): number {
  return a.rank - b.rank || a.hash - b.hash;
}
