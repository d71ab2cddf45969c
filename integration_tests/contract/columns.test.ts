import { describe, expect, it } from "@jest/globals";
import { readFrom } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import { isObject } from "../fake-api/json.ts";
import type { FakeApi } from "../fake-api/server.ts";
import { SESSION_FIELDS } from "../fake-api/session.ts";

const GENERATED = { count: 150, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) };
/** The fields that the key is made of, timestamp among them. */
const KEY_FIELDS = [
  "timestamp",
  "ip",
  "domain",
  "landingPage",
  "referrer",
  "browser",
  "os",
  "device",
  "isMobile",
];
const ALL = [...SESSION_FIELDS, "sessionKey", "startedAt", "additionalFields"];

const start = apiStarter({ generated: GENERATED });

/** What each request selected: under options, and where it would count for nothing. */
function selects(running: FakeApi): readonly unknown[] {
  expect(running.log.length).toBeGreaterThan(0);
  for (const { body } of running.log) expect(body).not.toHaveProperty("select");
  return running.log.map(({ body }) => body?.["options"]);
}

async function read(running: FakeApi, columns: readonly string[]) {
  const { records } = await readFrom(running, { streams: { sessions: { columns } } });
  expect(records).toHaveLength(150);
  return records;
}

describe("columns: the API is asked for only what is needed (options.select)", () => {
  it.each([[["urls", "startedAt", "ip"]], [["unknown_column"]]])(
    "picked %j: the picked and the key's fields, under options and never at the top level",
    async (columns) => {
      const running = await start();
      await read(running, columns);
      const wanted = new Set([
        ...columns.filter((name) => SESSION_FIELDS.some((field) => field === name)),
        ...KEY_FIELDS,
      ]);
      for (const options of selects(running)) {
        const select = isObject(options) && Array.isArray(options["select"]) ? options["select"] : [];
        expect([...select].sort()).toEqual([...wanted].sort());
      }
    },
  );

  it.each([
    ["every column but additionalFields", ALL.filter((name) => name !== "additionalFields")],
    ["additionalFields, which nobody can ask for by name", ["userId", "additionalFields"]],
  ])("no select with %s", async (_what, columns) => {
    const running = await start();
    await read(running, columns);
    for (const options of selects(running)) expect(options).toBeUndefined();
  });

  it("for segments too", async () => {
    const running = await start();
    const streams = { segment_sessions: { columns: ["userId"] } };
    const { records } = await readFrom(running, { streams, config: { segment_ids: ["mobile-visitors"] } });
    expect(records.length).toBeGreaterThan(10);
    for (const { data } of records) {
      expect(Object.keys(data).sort()).toEqual(["segmentId", "sessionKey", "timestamp", "userId"]);
    }
    for (const options of selects(running)) {
      expect(options).toEqual({ select: expect.arrayContaining(["userId", ...KEY_FIELDS]) });
    }
  });
});

describe.each([false, true])(
  "columns: the record holds only what was picked (API ignores select: %j)",
  (ignoreSelect) => {
    it.each([[["startedAt"]], [["unknown_column", "name"]]])(
      "picked %j, always with key and cursor",
      async (columns) => {
        const running = await start({ ignoreSelect, extraFields: { plan: "gold" } });
        const picked = columns.filter((name) => ALL.includes(name));
        const expected = [...new Set([...picked, "sessionKey", "timestamp"])].sort();
        for (const { data } of await read(running, columns))
          expect(Object.keys(data).sort()).toEqual(expected);
      },
    );

    it("additionalFields with undocumented fields, if it was picked", async () => {
      const running = await start({ ignoreSelect, extraFields: { plan: "gold" } });
      const records = await read(running, ["additionalFields", "userId"]);
      const rest = records.map(({ data }) => JSON.stringify(data["additionalFields"]));
      expect([...new Set(rest)].sort()).toEqual(["null", '{"plan":"gold"}']);
    });

    it("all values as they are without a selection, the key above all", async () => {
      const running = await start({ ignoreSelect });
      const columns = ["userId", "urls", "startedAt"];
      const whole = new Map((await read(running, [])).map(({ data }) => [data["sessionKey"], data]));
      for (const { data } of await read(running, columns)) {
        expect(whole.get(data["sessionKey"])).toMatchObject(data);
      }
    });
  },
);

describe("columns: configured as the platform does", () => {
  it("a json_schema without properties picks all", async () => {
    const running = await start();
    const { records } = await readFrom(running);
    for (const { data } of records) expect(Object.keys(data).sort()).toEqual([...ALL].sort());
    for (const options of selects(running)) expect(options).toBeUndefined();
  });
});
