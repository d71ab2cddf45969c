import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createLineSplitter } from "../../bench/run/line-splitter.ts";
import { createRecordCounter } from "../../bench/run/record-counter.ts";

describe("lines of a stream", () => {
  it("are the same however the stream is cut into chunks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", "é", " ") })),
        fc.array(fc.nat(9)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          const taken: string[] = [];
          const split = createLineSplitter((line) => taken.push(line.toString()));
          let at = 0;
          for (const length of [...cuts, bytes.length]) {
            split(bytes.subarray(at, at + length));
            at += length;
          }
          expect(taken).toEqual(lines);
        },
      ),
    );
  });
});

describe("records", () => {
  it("are counted by the type at either end of the message, not by what is in them", () => {
    const { take, records } = createRecordCounter();
    const filler = "x".repeat(100);
    for (const line of [
      `{"type":"RECORD","record":{"data":"${filler}"}}`,
      `{"record":{"data":"${filler}"},"type":"RECORD"}`,
      `{"type":"LOG","log":{"message":"${filler} \\"type\\":\\"RECORD\\" ${filler}"}}`,
      `{"type":"STATE"}`,
    ]) {
      take(Buffer.from(line));
    }
    expect(records()).toBe(2);
  });
});
