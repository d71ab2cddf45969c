import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import own from "../../schemas/segment_sessions.json";
import sessions from "../../schemas/sessions.json";
import { quoteLargeNumbers } from "../../src/browsee/large-numbers.ts";
import { pickColumns } from "../../src/records/columns.ts";
import { createKeyMaker } from "../../src/records/session-key.ts";
import { createSessionReader } from "../../src/records/session-reader.ts";
import { contentHash, emission } from "../../src/sync/emission.ts";

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

const properties = { ...own.properties, ...sessions.properties };
const columns = pickColumns(Object.keys(properties), [], ["segmentId", "sessionKey", "timestamp"]);
const keys = createKeyMaker("an-api-key");
const reader = createSessionReader({ properties, columns, keys, constants: { segmentId: "seg é" } });

const golden: readonly Golden[] = readFileSync(join(__dirname, "golden", "rows.ndjson"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

describe("keys, records and fingerprints", () => {
  it("stay as release 0.1.0 made them", () => {
    const made = golden.map(({ row }) => {
      const keyed = reader.identify(JSON.parse(quoteLargeNumbers(row)));
      const { json, nulled } = emission(reader, keyed, 0);
      const second = JSON.parse(emission(reader, keyed, 1).json).sessionKey;
      return {
        row,
        key: keyed.key,
        second,
        start: keyed.at ?? null,
        hash: contentHash(reader, keyed),
        json,
        nulled,
      };
    });
    expect(golden.length).toBeGreaterThan(300);
    expect(made).toEqual(golden);
  });
});
