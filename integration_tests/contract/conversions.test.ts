import { beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectorRun, readFrom } from "../connector.ts";
import { isObject, type JsonRecord, type JsonValue } from "../fake-api/json.ts";
import { startFakeApi } from "../fake-api/server.ts";
import type { RecordMessage } from "../message.ts";
import { withRawRows } from "./raw-api.ts";

const T = Date.UTC(2024, 1, 1);

/** All rows of these tests: they are read in one go. */
const rows: JsonRecord[] = [];
let run: ConnectorRun;

beforeAll(async () => {
  const api = await startFakeApi({ sessions: rows });
  try {
    run = await readFrom(api);
  } finally {
    await api.close();
  }
});

/** Has a row sent, and gives its record once it has been read. */
function sent(row: JsonRecord): () => RecordMessage {
  const ip = `row ${rows.length}`;
  rows.push({ timestamp: T + rows.length, ip, ...row });
  return () => {
    const found = run.records.filter(({ data }) => data["ip"] === ip);
    const [record] = found;
    if (record === undefined || found.length > 1) throw new Error(`${found.length} records of ${ip}`);
    return record;
  };
}

const LOSSLESS: readonly (readonly [string, JsonValue, unknown])[] = [
  ["duration", "12", 12],
  ["duration", "-7", -7],
  ["pageCount", 3.0, 3],
  ["isMobile", "true", true],
  ["isMobile", "false", false],
  ["urls", "https://www.example.com/", ["https://www.example.com/"]],
  ["urls", [], []],
  ["tags", ["a", 5, true, null], ["a", "5", "true", null]],
  ["userId", 42, "42"],
  ["name", false, "false"],
  ["utm_term", "", ""],
  ["duration", null, null],
  ["timestamp", String(T), T],
];

const LOSSY: readonly (readonly [string, JsonValue])[] = [
  ["duration", "a while"],
  ["duration", 12.5],
  ["duration", "12.5"],
  ["duration", true],
  ["duration", [1]],
  ["pageCount", { n: 1 }],
  ["isMobile", "perhaps"],
  ["isMobile", 2],
  ["userId", ["u-1", "u-2"]],
  ["email", { address: "someone@example.com" }],
  ["landingPage", ["https://www.example.com/"]],
  ["urls", { first: "https://www.example.com/" }],
  ["urls", [["https://www.example.com/"]]],
  ["tags", [{ tag: 1 }]],
  ["timestamp", "2024-02-01"],
  ["timestamp", [T]],
  ["timestamp", T + 0.5],
];

const UNDOCUMENTED: readonly (readonly [string, JsonRecord])[] = [
  ["of any type", { a: 1, b: "x", c: [1, { d: null }], e: { f: true }, g: null }],
  [
    "under names of columns that are made",
    { sessionKey: "k", startedAt: "s", segmentId: "g", additionalFields: {} },
  ],
  [
    "under names that JavaScript gives a meaning",
    JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}'),
  ],
  ["with text of all kinds", { text: '\u2028\u2029\u0000\u001f\u007f\ufeff😀é\\"\n\r\t' }],
];

describe("conversion: a value of another type than declared is converted where nothing is lost", () => {
  const cases = LOSSLESS.map(([field, value, expected]) => ({
    field,
    value,
    expected,
    record: sent({ [field]: value }),
  }));
  it.each(cases)("$field: $value becomes $expected", ({ field, expected, record }) => {
    expect(record().data[field]).toEqual(expected);
    expect(record().data["additionalFields"]).toBeNull();
    expect(record().meta).toBeUndefined();
  });
});

describe("conversion: otherwise it is null, the original goes to additionalFields, and meta.changes says so", () => {
  const cases = LOSSY.map(([field, value]) => ({ field, value, record: sent({ [field]: value }) }));
  it.each(cases)("$field: $value", ({ field, value, record }) => {
    const { data, meta } = record();
    expect(data[field]).toBeNull();
    expect(data["additionalFields"]).toEqual({ [field]: value });
    expect(meta).toEqual({ changes: [{ field, change: "NULLED", reason: "SOURCE_SERIALIZATION_ERROR" }] });
  });

  const several = sent({ duration: "x", urls: {}, plan: "gold", score: null });
  it("several in one row, beside what is undocumented", () => {
    const { data, meta } = several();
    expect(data["additionalFields"]).toEqual({ duration: "x", urls: {}, plan: "gold", score: null });
    expect(meta?.changes?.map(({ field }) => field).sort()).toEqual(["duration", "urls"]);
  });
});

describe("additionalFields: whatever the API sends that it does not document", () => {
  const cases = UNDOCUMENTED.map(([what, fields]) => ({ what, fields, record: sent(fields) }));
  it.each(cases)("$what", ({ fields, record }) => {
    const { additionalFields, sessionKey } = record().data;
    expect(isObject(additionalFields) ? Object.entries(additionalFields) : []).toEqual(
      Object.entries(fields),
    );
    expect(sessionKey).toEqual(expect.stringMatching(/^[0-9a-f]{32}$/));
  });

  const nothing = sent({ duration: 1 });
  it("is null where there is nothing", () => {
    expect(nothing().data["additionalFields"]).toBeNull();
  });
});

describe("conversion: text that is hard to write", () => {
  const surrogates = sent({ name: "a\ud800b", tags: ["\udc00"], other: { "\udbff": "\ud800" } });
  it("half of a surrogate pair becomes U+FFFD, in values and in names", () => {
    const { data, meta } = surrogates();
    expect(data).toMatchObject({
      name: "a\ufffdb",
      tags: ["\ufffd"],
      additionalFields: { other: { "\ufffd": "\ufffd" } },
    });
    expect(meta).toBeUndefined();
  });

  it("no line holds half of a surrogate pair, not as an escape either", () => {
    expect(run.lines.filter((line) => /\\ud[89a-f]/i.test(line) || !line.isWellFormed())).toEqual([]);
  });

  const text = "\u2028\u2029\u0085\u000b\u000c\u0000\n\r\n\u001b[2J";
  const breaks = sent({ name: text, urls: [text] });
  it("line breaks of all kinds and control characters stay within their line", () => {
    expect(breaks().data).toMatchObject({ name: text, urls: [text] });
    // Where Python's splitlines ends a line.
    expect(run.lines.filter((line) => /[\u0085\u2028\u2029]/.test(line))).toEqual([]);
  });
});

describe("conversion: integers beyond 2^53", () => {
  it("stay exact: as text where text is declared, otherwise in additionalFields", async () => {
    const big = "11122233344455566677";
    const row = `{"timestamp":${T},"userId":${big},"pageCount":${big},"other":[-${big}],"small":${2 ** 53 - 1}}`;
    const { records } = await withRawRows([row], (api) => readFrom(api));
    expect(records).toMatchObject([
      {
        data: {
          userId: big,
          pageCount: null,
          additionalFields: { pageCount: big, other: [`-${big}`], small: 2 ** 53 - 1 },
        },
        meta: { changes: [{ field: "pageCount" }] },
      },
    ]);
  });
});

describe("conversion: what is nested deep", () => {
  const nested = (levels: number): JsonValue => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
  const shallow = sent({ duration: 1, other: nested(90) });
  const deep = sent({ duration: 2, other: nested(100) });
  const column = sent({ duration: 3, userId: nested(100) });
  const beside = sent({ duration: 5, other: nested(100), more: "kept" });

  it("comes as it is up to what every reader takes", () => {
    expect(shallow().data).toMatchObject({ duration: 1, additionalFields: { other: nested(90) } });
    expect(shallow().meta).toBeUndefined();
  });

  it("otherwise it is null, and meta.changes says so; the row comes all the same", () => {
    const changes = (...fields: readonly string[]) =>
      fields.map((field) => ({ field, change: "NULLED", reason: "SOURCE_SERIALIZATION_ERROR" }));
    expect(deep().data).toMatchObject({ duration: 2, additionalFields: null });
    expect(deep().meta).toEqual({ changes: changes("additionalFields") });
    expect(column().data).toMatchObject({ duration: 3, userId: null, additionalFields: null });
    expect(column().meta).toEqual({ changes: changes("userId", "additionalFields") });
    expect(beside().data).toMatchObject({ duration: 5, additionalFields: { more: "kept" } });
    expect(beside().meta).toEqual({ changes: changes("additionalFields") });
  });

  it("however deep it is, the row comes", async () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const row = `{"timestamp":${T},"duration":4,"ip":${deep},"urls":${deep},"other":${deep}}`;
    const { records } = await withRawRows([row], (api) => readFrom(api));
    const nulls = { ip: null, urls: null, additionalFields: null };
    expect(records.map(({ data }) => data)).toMatchObject([{ duration: 4, ...nulls }]);
  });

  it("no line nests deeper than 100", () => {
    for (const line of run.lines) {
      const brackets = line.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").replaceAll(/[^[\]{}]/g, "");
      let depth = 0;
      for (const bracket of brackets) {
        depth += "[{".includes(bracket) ? 1 : -1;
        expect(depth).toBeLessThanOrEqual(100);
      }
    }
  });
});

describe("rows: a row is never dropped for its shape", () => {
  const shapes = [
    sent({ timestamp: null }),
    sent({ timestamp: undefined }),
    sent({ timestamp: "" }),
    sent({ timestamp: {} }),
    sent({ timestamp: true }),
    sent({ urls: null, tags: 5, isMobile: [] }),
  ];
  it("whatever its timestamp, without which startedAt is null", () => {
    expect(run.records).toHaveLength(rows.length);
    for (const record of shapes.slice(0, 5)) {
      expect(record().data).toMatchObject({ timestamp: null, startedAt: null });
    }
  });

  it("nor one without any field", async () => {
    const api = await startFakeApi({ sessions: [{}, {}, { timestamp: T }] });
    try {
      const { records } = await readFrom(api);
      expect(records).toHaveLength(3);
      expect(new Set(records.map(({ data }) => data["sessionKey"])).size).toBe(3);
    } finally {
      await api.close();
    }
  });
});
