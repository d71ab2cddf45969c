import { groupRows, type KeyedRow } from "./page.ts";

/** Keys that are remembered: enough for what comes again within a margin. */
const MOST = 20_000;

/** A row with its number among the rows that share its key. */
export interface NumberedRow {
  readonly row: KeyedRow;
  /** 0 for most; further rows with the same key count on from there. */
  readonly number: number;
  /** The same for the same row, as long as its number stays. */
  readonly id: string;
}

/** Remembers the rows that came lately, so that none is written twice, or under two keys, for coming in two responses. */
interface WrittenRecords {
  /**
   * Numbers the rows of one snapshot. One that came before keeps its number. Others with the same key are sorted by what
   * changes least, so that each gets the same number at the next sync, whatever the API's order.
   * @param hasAll whether all rows that share a key come in one snapshot: not where the API filters by another time
   */
  number(rows: readonly KeyedRow[], hasAll: boolean): readonly NumberedRow[];
  /**
   * Notes that a row is written now, or need not be, since an earlier sync wrote it.
   * @returns the hash that it was noted with before, if it was
   */
  remember(numbered: NumberedRow, isWritten: boolean): number | undefined;
  /** Whether a row has not been written as it is, and notes that it is now. */
  claim(numbered: NumberedRow): boolean;
}

interface Entry {
  hash: number;
  rank: number;
  isTaken: boolean;
  isWritten: boolean;
}

/** Forgets what has not come for longest. What is forgotten is written again: a repeat, no loss. */
export function createWrittenRecords(): WrittenRecords {
  /** By key; the place in the list is the number. */
  const known = new Map<string, Entry[]>();

  function numberGroup(key: string, group: readonly KeyedRow[], hasAll: boolean): readonly NumberedRow[] {
    const entries = known.get(key) ?? [];
    const free = new Set(entries.keys());
    const numbers = new Map<KeyedRow, number>();
    const sorted = group.length > 1 ? [...group].sort((a, b) => a.rank - b.rank || a.hash - b.hash) : group;
    const assign = (fits: (each: Entry | undefined, row: KeyedRow) => boolean) => {
      for (const row of sorted) {
        const found = numbers.has(row) ? undefined : [...free].find((number) => fits(entries[number], row));
        if (found === undefined) continue;
        free.delete(found);
        numbers.set(row, found);
      }
    };
    assign((each, { hash }) => each?.hash === hash);
    assign((each, { rank }) => each?.rank === rank);
    // What is left has changed in both, or is one that the snapshot before did not have.
    assign(() => hasAll);
    const added = sorted.filter((row) => !numbers.has(row));
    for (const [n, row] of added.entries()) numbers.set(row, entries.length + n);
    known.delete(key);
    // A list that grew by a push would keep room for sixteen.
    known.set(
      key,
      entries.concat(added.map(({ hash, rank }) => ({ hash, rank, isTaken: false, isWritten: false }))),
    );
    return [...numbers].map(([row, number]) => ({ row, number, id: `${key}#${number}` }));
  }

  return {
    number(rows, hasAll) {
      const groups = groupRows(rows, ({ key }) => key);
      const numbered = [...groups].flatMap(([key, group]) => numberGroup(key, group, hasAll));
      for (const [oldest] of known) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
      return numbered;
    },
    remember({ row: { key, hash, rank }, number }, isWritten) {
      const entries = known.get(key) ?? [];
      const before = entries[number];
      const wasWritten = before?.hash === hash && before.isWritten;
      entries[number] = { hash, rank, isTaken: true, isWritten: isWritten || wasWritten };
      known.set(key, entries);
      return before?.isTaken ? before.hash : undefined;
    },
    claim({ row: { key }, number }) {
      const entry = known.get(key)?.[number];
      if (entry === undefined || entry.isWritten) return false;
      entry.isWritten = true;
      return true;
    },
  };
}
