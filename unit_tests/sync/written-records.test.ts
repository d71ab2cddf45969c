import { describe, expect, it } from "@jest/globals";
import type { KeyedRow } from "../../src/sync/page.ts";
import { createWrittenRecords } from "../../src/sync/written-records.ts";

function row(hash: number, rank: number): KeyedRow {
  return { key: "a", start: 1_700_000_000_000, json: "{}", nulled: [], hash, rank };
}

describe("a session that comes in two answers", () => {
  it("keeps its key, also where all that could tell it from another has changed", () => {
    const written = createWrittenRecords();
    expect(written.number([row(1, 1)], true).map(({ number }) => number)).toEqual([0]);
    expect(written.number([row(2, 2)], true).map(({ number }) => number)).toEqual([0]);
  });

  it("keeps its key beside a new one with the same", () => {
    const written = createWrittenRecords();
    written.number([row(1, 1)], true);
    const numbers = written
      .number([row(9, 9), row(1, 1)], true)
      .map(({ row: { hash }, number }) => [hash, number] as const);
    expect(new Map(numbers)).toEqual(
      new Map([
        [1, 0],
        [9, 1],
      ]),
    );
  });
});
