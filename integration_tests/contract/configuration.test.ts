import { describe, expect, it } from "@jest/globals";
import { configFor, readFrom, runConnector } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import { KEYS } from "../fake-api/test-client.ts";
import type { RecordMessage } from "../message.ts";

const HOUR_MS = 3_600_000;
const DAY = Date.parse("2024-01-31T00:00:00Z");

const start = apiStarter();

function startsOf({ records }: { readonly records: readonly RecordMessage[] }): readonly unknown[] {
  return records.map(({ data }) => data["timestamp"]);
}

/** Sessions around a moment: a second and a millisecond before, at it, and after it. */
function around(moment: number): { timestamp: number }[] {
  return [-1000, -1, 0, 1, 1000].map((ms) => ({ timestamp: moment + ms }));
}

const BOUNDS = (["inclusive", "exclusive"] as const).flatMap((from) =>
  (["inclusive", "exclusive"] as const).map((to) => ({ start: from, end: to })),
);

describe("configuration: start_date and end_date", () => {
  it.each(BOUNDS)("what started earlier, at the end or later is not read: %j", async (bounds) => {
    const end = DAY + 3_600_000;
    const running = await start({ sessions: [...around(DAY), ...around(end)], bounds });
    const config = { start_date: "2024-01-31T00:00:00Z", end_date: "2024-01-31T01:00:00Z" };
    expect(startsOf(await readFrom(running, { config }))).toEqual([
      DAY,
      DAY + 1,
      DAY + 1000,
      end - 1000,
      end - 1,
    ]);
  });

  it("is 2015-01-01T00:00:00Z by default", async () => {
    const running = await start({ sessions: around(Date.UTC(2015, 0, 1)) });
    expect(startsOf(await readFrom(running))).toHaveLength(3);
  });

  it("may be days", async () => {
    const running = await start({ sessions: [...around(DAY), ...around(DAY + 24 * HOUR_MS)] });
    const config = { start_date: "2024-01-31", end_date: "2024-02-01" };
    expect(startsOf(await readFrom(running, { config }))).toHaveLength(5);
  });

  it("may lie before all Unix time", async () => {
    const running = await start({ sessions: [{ timestamp: 5000 }, { timestamp: DAY }] });
    const run = await readFrom(running, { config: { start_date: "1960-01-01T00:00:00Z" } });
    expect(new Set(startsOf(run))).toEqual(new Set([5000, DAY]));
    for (const { body } of running.log) expect(body?.["start"]).toBeGreaterThanOrEqual(1);
  });

  it("may lie in the future: no records, one STATE, exit 0", async () => {
    const running = await start({ sessions: around(DAY) });
    const run = await readFrom(running, { config: { start_date: "2999-01-01T00:00:00Z" } });
    expect(run.code).toBe(0);
    expect(run.records).toHaveLength(0);
    expect(run.states).toHaveLength(1);
    const warnings = run.messages.flatMap((message) =>
      message.type === "LOG" && message.log.level === "WARN" ? message.log.message : [],
    );
    expect(warnings).toEqual([expect.stringMatching(/^sessions: start_date lies in the future/)]);
    const config = configFor(running, { start_date: "2999-01-01" });
    const check = await runConnector("check", { config });
    expect(check.logs).toEqual([expect.stringMatching(/^start_date lies in the future/)]);
    expect(check.messages.at(-1)).toMatchObject({ connectionStatus: { status: "SUCCEEDED" } });
  });
});

describe("configuration: end_date", () => {
  it("without it, all are read that started before the last whole second", async () => {
    const now = Date.now();
    const running = await start({ sessions: [{ timestamp: now - 2000 }, { timestamp: now + HOUR_MS }] });
    expect(startsOf(await readFrom(running))).toEqual([now - 2000]);
  });
});

describe("configuration: lookback_window_hours", () => {
  it.each([
    [undefined, 24],
    [0, 0],
    [48, 48],
  ])("%j: each sync looks %d h back again, for sessions that appeared late", async (lookback, hours) => {
    const now = Date.now();
    const running = await start({ generated: { count: 4000, from: now - 100 * HOUR_MS, to: now - 5000 } });
    const config = lookback === undefined ? {} : { lookback_window_hours: lookback };
    const first = await readFrom(running, { config });
    const [inside, outside] = [hours - 0.5, hours + 3].map((ago) => Math.floor(now - ago * HOUR_MS));
    running.handle.insertGenerated([inside, outside].flatMap((at) => at ?? []));
    const second = await readFrom(running, { config, state: first.states.slice(-1) });
    const came = startsOf(second);
    if (hours > 0) expect(came).toContain(inside);
    expect(came).not.toContain(outside);
  });
});

describe("configuration: fields that are hidden", () => {
  it("api_url: a slash at its end changes nothing", async () => {
    const running = await start({ sessions: around(DAY) });
    expect(startsOf(await readFrom(running, { config: { api_url: `${running.url}/` } }))).toHaveLength(5);
  });

  it("api_url: http on loopback may also be localhost", async () => {
    const running = await start({ sessions: around(DAY) });
    const config = { api_url: `http://localhost:${running.port}` };
    expect(startsOf(await readFrom(running, { config }))).toHaveLength(5);
  });

  it("request_timeout_seconds and retry_deadline_seconds: how long one request, and one page in all, may take", async () => {
    const running = await start({ faults: [{ when: { first: 99 }, what: { kind: "hang" } }] });
    const config = { request_timeout_seconds: 1, retry_deadline_seconds: 0 };
    const run = await readFrom(running, { config });
    expect(run.errors).toMatchObject([{ failure_type: "transient_error" }]);
    expect(run.errors[0]?.message).toMatch(/within 1 s \(1 attempt/);
    expect(running.stats.requests).toBe(1);
    expect(run.code).toBe(1);
  });
});

describe("configuration: tolerance", () => {
  const OPTIONAL = [
    "start_date",
    "end_date",
    "segment_ids",
    "lookback_window_hours",
    "api_url",
    "request_timeout_seconds",
    "retry_deadline_seconds",
    "accept_count_mismatch",
  ];

  it("unknown fields are ignored, and named once, never with their values", async () => {
    const running = await start({ sessions: around(DAY) });
    const unknown = {
      start_dat: { deep: ["hush", null] },
      region: "hush",
      __proto__x: 1,
      constructor: "hush",
    };
    const config = { ...unknown, [`${"hush".repeat(20)} 1`]: 1, "key-0123456789abcdef": "" };
    const warning = expect.stringMatching(
      /^the configuration has fields that are not known, and are ignored: start_dat, region, __proto__x, constructor, 1 more\./,
    );
    const read = await readFrom(running, { config });
    expect(startsOf(read)).toHaveLength(5);
    const check = await runConnector("check", { config: configFor(running, config) });
    expect(check.messages.at(-1)).toMatchObject({ connectionStatus: { status: "SUCCEEDED" } });
    for (const run of [read, check]) {
      const logs = run.messages.flatMap((message) => (message.type === "LOG" ? message.log : []));
      expect(logs.filter(({ level }) => level === "WARN")).toEqual([{ level: "WARN", message: warning }]);
      expect(run.lines.join()).not.toContain("hush");
    }
  });

  it("keys are taken without what was copied along with them", async () => {
    const running = await start({ sessions: around(DAY) });
    const config = { api_key: ` ${KEYS.apiKey}\r\n`, secret_key: `"${KEYS.secretKey}"\n` };
    expect(startsOf(await readFrom(running, { config }))).toHaveLength(5);
  });

  it("in Airbyte Cloud, api_url leads nowhere but to Browsee", async () => {
    const running = await start({ sessions: around(DAY) });
    const run = await runConnector(
      "check",
      { config: configFor(running) },
      { env: { DEPLOYMENT_MODE: "CLOUD" } },
    );
    expect(run.messages).toMatchObject([
      { connectionStatus: { status: "FAILED", message: expect.stringMatching(/^api_url must be https/) } },
    ]);
    expect(running.stats.requests).toBe(0);
  });

  it("an optional field that is null or an empty text counts as absent", async () => {
    const running = await start({ sessions: around(DAY) });
    const empty = Object.fromEntries(OPTIONAL.map((name, at) => [name, at % 2 === 0 ? null : ""]));
    const config = { ...empty, api_url: running.url };
    expect(startsOf(await readFrom(running, { config }))).toHaveLength(5);
  });
});
