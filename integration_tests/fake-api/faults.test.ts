import http from "node:http";
import { describe, expect, it } from "@jest/globals";
import { apiStarter } from "./api-starter.ts";
import { EXPORT_PATH } from "./endpoints.ts";
import type { Fault } from "./faults.ts";
import { DEMO_API_KEY, DEMO_SECRET_KEY } from "./options.ts";
import type { FakeApi } from "./server.ts";
import { ask, column, type Heard, jsonOf, KEYS, pageOf, textOf } from "./test-client.ts";

const FROM = Date.parse("2024-03-01T00:00:00Z");
const TO = Date.parse("2024-03-02T00:00:00Z");
const RANGE = { start: FROM / 1000, end: TO / 1000 };
const GZIP = { headers: { "accept-encoding": "gzip" } };

const start = apiStarter({ generated: { count: 50, from: FROM, to: TO } });

/** The answer to a request that a fault disturbs; the one after must be in order. */
async function disturbed(what: Fault): Promise<Heard> {
  const running = await start({ faults: [{ when: { requests: [1] }, what }] });
  const heard = await ask(running, RANGE, GZIP);
  expect(pageOf(await ask(running, RANGE)).data).toHaveLength(50);
  expect(running.stats).toMatchObject({ requests: 2, faulted: 1, answered: 1, rowsServed: 50 });
  expect(running.log[0]).toMatchObject({ outcome: what.kind });
  return heard;
}

describe("faults that are complete answers", () => {
  it("statuses in the API's form, with Retry-After in seconds or as a date", async () => {
    const seconds = await disturbed({ kind: "status", status: 429, retryAfterS: 7, words: "Slow down." });
    expect(seconds).toMatchObject({ status: 429, headers: { "retry-after": "7" } });
    expect(jsonOf(seconds)).toEqual({ status: "failure", message: { error: "Slow down." } });
    const date = await disturbed({ kind: "status", status: 503, retryAfterS: 7, retryAfterAsDate: true });
    expect(Date.parse(date.headers["retry-after"] ?? "")).toBeGreaterThan(FROM);
  });

  it("a proxy's HTML page", async () => {
    const heard = await disturbed({ kind: "status", status: 502 });
    expect(heard.status).toBe(502);
    expect(heard.headers["content-type"]).toContain("text/html");
    expect(textOf(heard)).toContain("<h1>Bad Gateway</h1>");
  });

  it("a redirect to the same path elsewhere", async () => {
    const heard = await disturbed({ kind: "redirect", origin: "http://127.0.0.1:9" });
    expect(heard).toMatchObject({ status: 307, headers: { location: `http://127.0.0.1:9${EXPORT_PATH}` } });
  });

  it("both keys in the words, in all forms", async () => {
    const heard = await disturbed({ kind: "echo-keys", status: 401 });
    expect(heard.status).toBe(401);
    for (const key of [DEMO_API_KEY, DEMO_SECRET_KEY]) {
      for (const form of [key, encodeURIComponent(key), Buffer.from(key).toString("base64")]) {
        expect(textOf(heard)).toContain(form);
      }
    }
  });

  it("gzip that no one can inflate, and JSON that is cut", async () => {
    const gzip = await disturbed({ kind: "broken-gzip" });
    expect(gzip).toMatchObject({ status: 200, headers: { "content-encoding": "gzip" } });
    expect(() => textOf(gzip)).toThrow();
    const cut = await disturbed({ kind: "cut-json" });
    expect(textOf(cut).startsWith('{"status":"success"')).toBe(true);
    expect(() => jsonOf(cut)).toThrow(SyntaxError);
  });

  it.each<[Fault["kind"], Fault, unknown]>([
    ["failure-200", { kind: "failure-200" }, { status: "failure" }],
    ["no-exports", { kind: "no-exports" }, { status: "success" }],
    ["no-data", { kind: "no-data" }, { exports: { total: 50, to: 50 } }],
    ["empty-page", { kind: "empty-page" }, { exports: { total: 50, to: 50, data: [] } }],
  ])("%s with status 200", async (_kind, what, expected) => {
    const heard = await disturbed(what);
    expect(heard.status).toBe(200);
    expect(jsonOf(heard)).toMatchObject(Object(expected));
  });

  it("rows that are null or no objects, and HTML with status 200", async () => {
    expect(pageOf(await disturbed({ kind: "null-rows" })).data.slice(0, 3)).toEqual([
      null,
      expect.any(Object),
      null,
    ]);
    const scalars = pageOf(await disturbed({ kind: "scalar-rows" })).data;
    expect([scalars[0], scalars[2], scalars[4], scalars[6], scalars[8]]).toEqual([
      42,
      "session",
      true,
      [],
      42,
    ]);
    expect(await disturbed({ kind: "html-200" })).toMatchObject({
      status: 200,
      headers: { "content-type": /html/ },
    });
  });
});

describe("faults of the connection", () => {
  it.each<Fault>([{ kind: "reset" }, { kind: "truncate" }])("%j ends the request", async (what) => {
    const running = await start({ faults: [{ when: { first: 1 }, what }] });
    await expect(ask(running, RANGE)).rejects.toMatchObject({ code: "ECONNRESET" });
    let next = await ask(running, RANGE);
    while (next.status === 429) next = await ask(running, RANGE);
    expect(pageOf(next).data).toHaveLength(50);
  });

  it.each<Fault>([
    { kind: "drip", everyMs: 1 },
    { kind: "slow", ms: 1 },
  ])("%j delays an answer that is right", async (what) => {
    const running = await start({ sessions: [], latencyMs: 1, faults: [{ when: { every: 1 }, what }] });
    expect(pageOf(await ask(running, RANGE))).toEqual({ total: 0, to: 0, data: [] });
  });

  it("an endless body goes on until the client has enough", async () => {
    const running = await start({ faults: [{ when: { every: 1 }, what: { kind: "endless" } }] });
    const received = await new Promise<number>((resolve, reject) => {
      const outgoing = http.request(
        running.url + EXPORT_PATH,
        { method: "POST", agent: false },
        (incoming) => {
          let length = 0;
          incoming.on("data", (chunk: Buffer) => {
            length += chunk.length;
            if (length < 2_000_000) return;
            outgoing.destroy();
            resolve(length);
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(JSON.stringify(KEYS));
    });
    expect(received).toBeGreaterThanOrEqual(2_000_000);
  });

  it("a stand-in that owes answers can be closed", async () => {
    let arrived: () => void = () => undefined;
    const there = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const running = await start({
      lingerMs: 3_600_000,
      onRequest: arrived,
      faults: [{ when: { every: 1 }, what: { kind: "hang" } }],
    });
    const pending = expect(ask(running)).rejects.toThrow();
    await there;
    await running.close();
    await pending;
  });
});

describe("when faults come", () => {
  const what = { kind: "status", status: 500 } as const;
  const statuses = async (running: FakeApi, count: number) => {
    const heard: number[] = [];
    for (let from = 0; from < count; from += 1) heard.push((await ask(running, { from })).status);
    return heard;
  };

  it.each([
    [{ requests: [2, 4] }, [200, 500, 200, 500, 200, 200]],
    [{ every: 3 }, [200, 200, 500, 200, 200, 500]],
    [{ first: 2 }, [500, 500, 200, 200, 200, 200]],
    [{ matching: (request: { from: number }) => request.from >= 4 }, [200, 200, 200, 200, 500, 500]],
    [{}, [200, 200, 200, 200, 200, 200]],
  ])("%j", async (when, expected) => {
    expect(await statuses(await start({ faults: [{ when, what }] }), 6)).toEqual(expected);
  });

  it("by probability, the same at every run, until the rules are replaced", async () => {
    const faults = [{ when: { probability: 0.5, seed: 4 }, what }];
    const first = await start({ faults });
    const once = await statuses(first, 20);
    expect(new Set(once)).toEqual(new Set([200, 500]));
    first.handle.setFaults([]);
    expect(await statuses(first, 3)).toEqual([200, 200, 200]);
    await first.close();
    expect(await statuses(await start({ faults }), 20)).toEqual(once);
  });
});

describe("answers that bend the documentation", () => {
  it("fields that are not documented, a select that is ignored", async () => {
    const running = await start({ extraFields: { plan: "gold" }, ignoreSelect: true });
    const page = pageOf(await ask(running, { ...RANGE, options: { select: ["ip"] } }));
    expect(new Set(column(page, "plan"))).toEqual(new Set([undefined, "gold"]));
    expect(pageOf(await ask(running, RANGE)).data).toEqual(page.data);
  });
});
