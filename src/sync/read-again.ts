import { type Cell, splitCells, unread } from "./cell.ts";
import { contentHash, emission } from "./emission.ts";
import { createHeld, type Held, type HeldCell } from "./held.ts";
import { advance, countSlice, type Reading } from "./reading.ts";
import { recount } from "./recount.ts";
import type { Sighting } from "./row-reader.ts";
import { acceptable, afterCut, sliceEnd } from "./sizing.ts";
import type { Slice } from "./slice.ts";
import { noteTorn, runPass } from "./torn.ts";

/** A session that is to be written, with its number among those of its identity. */
interface Numbered {
  readonly row: Sighting;
  readonly twin: number;
}

/** Sessions that are read again before progress is put on record. */
const GROUP_ROWS = 1900;
/** Records that are handed over at once. */
const BATCH = 100;

/**
 * Reads a span again that was read before, and emits its cells that have changed.
 * @param known adjacent cells with sums, the first at the place where reading stands
 */
export async function readAgain(reading: Reading, known: readonly Cell[]): Promise<void> {
  const group = firstGroup(known);
  const held = createHeld(group);
  const end = group.at(-1)?.end ?? reading.at;
  for (let at = reading.at; at < end; ) at = await readSlice(reading, held, at, end);
  for (const cell of held.compare()) {
    if (cell.changed && cell.rows === undefined) {
      // Too many rows to keep: this span is read once more, now emitting as it comes.
      reading.todo = [
        ...unread(cell.before.start, cell.before.end),
        ...splitCells(reading.todo, cell.before.end)[1],
      ];
      return;
    }
    await settle(reading, cell);
  }
}

function firstGroup(known: readonly Cell[]): readonly Cell[] {
  let rows = 0;
  const many = known.findIndex((cell, index) => {
    rows += cell.rows;
    return index > 0 && rows > GROUP_ROWS;
  });
  return many === -1 ? known : known.slice(0, many);
}

/** @returns Unix s: how far the span has been read */
async function readSlice(reading: Reading, held: Held, at: number, limit: number): Promise<number> {
  const slice: Slice = { start: at, end: sliceEnd(reading.sizing, at, limit) };
  const met: Sighting[] = [];
  reading.undated.beginPass();
  const outcome = await runPass(reading, {
    slice,
    fetch: reading.fetch,
    identify: reading.reader.identify,
    accept: acceptable(reading.sizing),
    visit: async (rows) => {
      met.push(...rows);
      await reading.checkpoints.tick();
    },
    recount: (second, how) => recount(reading, second, how),
  });
  if (outcome.kind === "too-large") {
    reading.sizing = afterCut(reading.sizing, slice, outcome.total);
    return at;
  }
  if (outcome.kind === "torn") {
    noteTorn(reading, slice, outcome);
    return at;
  }
  reading.stuck = 0;
  await keep(reading, held, slice, met);
  countSlice(reading, slice, outcome.total);
  return slice.end;
}

async function keep(reading: Reading, held: Held, slice: Slice, met: readonly Sighting[]): Promise<void> {
  const undated: Sighting[] = [];
  reading.outside = 0;
  for (const row of met) {
    if (row.at === undefined) undated.push(row);
    else if (row.at >= slice.start * 1000 && row.at < slice.end * 1000) {
      held.add(row, Math.floor(row.at / 1000), contentHash(reading.reader, row));
    } else reading.outside += 1;
  }
  const rows: Numbered[] = [];
  for (const row of undated)
    reading.undated.meet(row, undefined, (fresh, twin) => rows.push({ row: fresh, twin }));
  await write(reading, rows);
}

async function settle(reading: Reading, cell: HeldCell): Promise<void> {
  if (cell.changed) {
    const numbers = new Map<string, number>();
    const rows = (cell.rows ?? []).map((row) => {
      const twin = numbers.get(row.key) ?? 0;
      numbers.set(row.key, twin + 1);
      return { row, twin };
    });
    await write(reading, rows);
  }
  reading.checkpoints.passed(cell.changed ? 0 : cell.now.rows);
  advance(reading, cell.now.end, [cell.now]);
  await reading.checkpoints.before(0);
}

async function write(reading: Reading, rows: readonly Numbered[]): Promise<void> {
  for (let first = 0; first < rows.length; first += BATCH) {
    const batch = rows
      .slice(first, first + BATCH)
      .map(({ row, twin }) => emission(reading.reader, row, twin));
    await reading.checkpoints.before(batch.length);
    reading.written += batch.length;
    reading.checkpoints.passed(batch.length);
    await reading.output.records(batch);
  }
}
