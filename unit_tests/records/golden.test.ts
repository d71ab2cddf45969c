import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { quoteLargeNumbers } from "../../src/browsee/parse-body.ts";
import { createRowConverter } from "../../src/records/row-converter.ts";
import { createKeyMaker } from "../../src/records/session-key.ts";
import { stream } from "../../src/streams/segment-sessions.ts";

/** What release 0.1.0 made of rows of the API: destinations and states hold it, so it stays as it is. */
interface Golden {
  /** As the API sent it, JSON text. */
  readonly row: string;
  readonly key: string;
  /** Key of a second session that agrees in every key field. */
  readonly second: string;
  /** Unix ms; null where it can't be read. */
  readonly start: number | null;
  /** Of the content, as fingerprints add it up. */
  readonly hash: number;
  /** The record. */
  readonly json: string;
  readonly nulled: readonly string[];
}

const converter = createRowConverter({
  ...stream,
  picked: new Set(Object.keys(stream.schema.properties)),
  keys: createKeyMaker({ apiKey: "an-api-key", sessionKeySalt: undefined }),
  constants: { segmentId: "seg é" },
});

const golden: readonly Golden[] = readFileSync(join(__dirname, "golden", "rows.ndjson"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

describe("keys, records and fingerprints", () => {
  it("stay as release 0.1.0 made them", () => {
    const made = golden.map(({ row }) => {
      const converted = converter.convert(JSON.parse(quoteLargeNumbers(row)));
      const { key, start = null, json, nulled } = converted;
      const second = JSON.parse(converter.record(converted, 1).json).sessionKey;
      return { row, key, second, start, hash: converted.hash % 2 ** 32, json, nulled };
    });
    expect(golden.length).toBeGreaterThan(300);
    expect(made).toEqual(golden);
  });
});
