import { describe, expect, it } from "@jest/globals";
import { apiStarter } from "./api-starter.ts";
import type { FakeApiOptions } from "./options.ts";
import { SESSION_FIELDS } from "./session.ts";
import { ask, column, jsonOf, KEYS, pageOf, send, textOf } from "./test-client.ts";

const NOW = Date.parse("2024-06-01T12:00:00.250Z");
const HOUR_MS = 3_600_000;
const ALL = { start: 1, end: Math.ceil(NOW / 1000) };

const start = apiStarter({ now: () => NOW });

function failure(words: string): object {
  return { status: "failure", message: { error: words } };
}

/** A session that started so long before now. */
function ago(ms: number): { timestamp: number } {
  return { timestamp: NOW - ms };
}

describe("requests that are not in order", () => {
  it.each([
    ["no apiKey", { secretKey: "x" }, "API Key missing."],
    ["an empty apiKey", { ...KEYS, apiKey: "" }, "API Key missing."],
    ["no secretKey", { apiKey: "x" }, "Secret Key missing."],
    ["start as a string", { ...KEYS, start: "1" }, "start is not a non-negative integer."],
    ["start with a fraction", { ...KEYS, start: 1.5 }, "start is not a non-negative integer."],
    ["a negative end", { ...KEYS, end: -1 }, "end is not a non-negative integer."],
    ["from as null", { ...KEYS, from: null }, "from is not a non-negative integer."],
    ["limit as a boolean", { ...KEYS, limit: true }, "limit is not a non-negative integer."],
    ["segmentId as a number", { ...KEYS, segmentId: 1 }, "segmentId is not a string."],
    ["options as a list", { ...KEYS, options: [] }, "options is not an object."],
    [
      "select as a string",
      { ...KEYS, options: { select: "urls" } },
      "options.select is not a list of strings.",
    ],
    ["select of numbers", { ...KEYS, options: { select: [1] } }, "options.select is not a list of strings."],
    ["an unknown segment", { ...KEYS, segmentId: "none" }, "Segment not found."],
    ["no JSON", "{", "Body is not a JSON object."],
    ["no object", "[]", "Body is not a JSON object."],
    ["no body", "", "API Key missing."],
  ])("answers %s with 400", async (_case, body, words) => {
    const heard = await send(await start(), body);
    expect(heard.status).toBe(400);
    expect(jsonOf(heard)).toEqual(failure(words));
  });

  it.each([{ apiKey: "another" }, { secretKey: "another" }])(
    "answers wrong keys %j with 401",
    async (keys) => {
      const heard = await ask(await start(), keys);
      expect(heard.status).toBe(401);
      expect(jsonOf(heard)).toEqual({ status: "unauthorized", message: { error: "Secret Key invalid." } });
    },
  );

  it("answers only POST, and only at the documented path", async () => {
    const running = await start();
    expect((await ask(running, {}, { method: "PUT" })).status).toBe(405);
    expect((await ask(running, {}, { path: "/api/v1/export" })).status).toBe(404);
    expect((await ask(running, {}, { path: "/stats" })).status).toBe(404);
    expect(running.stats.requests).toBe(0);
  });
});

describe("a page of sessions", () => {
  it("has the documented envelope and no undocumented field", async () => {
    const heard = await ask(await start({ generated: { count: 250 } }), { ...ALL, from: 200 });
    const page = pageOf(heard);
    expect(jsonOf(heard)).toEqual({ status: "success", exports: { total: 250, to: 250, data: page.data } });
    expect(page.data).toHaveLength(50);
    const fields = new Set(page.data.flatMap((row) => Object.keys(Object(row))));
    expect([...fields].sort()).toEqual([...SESSION_FIELDS].sort());
  });

  it("defaults to the last 24 hours, offset 0 and 100 rows", async () => {
    const sessions = [...Array(120)].map(() => ago(HOUR_MS));
    const running = await start({ sessions: [ago(24 * HOUR_MS + 1), ...sessions, ago(-1)] });
    expect(pageOf(await ask(running))).toMatchObject({ total: 120, to: 100 });
    expect(pageOf(await ask(running, { start: 0, end: 0, limit: 0 }))).toMatchObject({ total: 120, to: 100 });
    expect(pageOf(await ask(running, { start: 1 }))).toMatchObject({ total: 121 });
    expect(pageOf(await ask(running, { end: Math.ceil(NOW / 1000) }))).toMatchObject({ total: 121 });
  });

  it("is empty past the end", async () => {
    const page = pageOf(await ask(await start({ generated: { count: 5 } }), { ...ALL, from: 7 }));
    expect(page).toEqual({ total: 5, to: 7, data: [] });
  });

  it.each([
    [{}, 500, 100],
    [{ limit: 500, pageSize: 30 }, 500, 30],
    [{}, 7, 7],
  ])("clamps the limit: %j asked for %d", async (options, limit, rows) => {
    const running = await start({ generated: { count: 250 }, ...options });
    expect(pageOf(await ask(running, { ...ALL, limit })).data).toHaveLength(rows);
  });

  it("holds the selected fields that exist, and only a select under options counts", async () => {
    const running = await start({ sessions: [{ ...ago(1), duration: 5, ip: "192.0.2.1" }] });
    const select = ["duration", "ip", "email", "nonsense"];
    expect(pageOf(await ask(running, { options: { select } })).data).toEqual([
      { duration: 5, ip: "192.0.2.1" },
    ]);
    expect(pageOf(await ask(running, { select })).data).toEqual([
      { ...ago(1), duration: 5, ip: "192.0.2.1" },
    ]);
  });

  it("holds a segment's sessions only", async () => {
    const running = await start({ generated: { count: 3000 } });
    const all = pageOf(await ask(running, ALL));
    const mobile = pageOf(await ask(running, { ...ALL, segmentId: "mobile-visitors" }));
    const campaigns = pageOf(
      await ask(running, { ...ALL, segmentId: "from-campaigns", order: "descending" }),
    );
    expect(new Set(column(mobile, "isMobile"))).toEqual(new Set([true]));
    expect(
      column(campaigns, "utm_source").every((source) => typeof source === "string" && source !== ""),
    ).toBe(true);
    expect(mobile.total).toBe([...running.handle.truth({ segmentId: "mobile-visitors" })].length);
    expect(all.total).toBe(3000);
  });

  it("is compressed where the client accepts it and it is worth it", async () => {
    const running = await start({ generated: { count: 100 } });
    const gzip = { headers: { "accept-encoding": "br;q=1, gzip" } };
    const zipped = await ask(running, ALL, gzip);
    const plain = await ask(running, ALL, { headers: { "accept-encoding": "gzip;q=0, br" } });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(textOf(zipped)).toBe(textOf(plain));
    expect((await ask(running, { limit: 1 }, gzip)).headers["content-encoding"]).toBeUndefined();
  });
});

describe("one open request", () => {
  it("turns a second one away, and takes the next when the first is done", async () => {
    let second: Promise<unknown> = Promise.resolve();
    const options: FakeApiOptions = {
      busyRetryAfterS: 3,
      faults: [{ when: { requests: [1] }, what: { kind: "hang" } }],
      onRequest: (number) => {
        if (number !== 1) return;
        second = ask(running).then(async (heard) => {
          expect(heard.status).toBe(429);
          expect(heard.headers["retry-after"]).toBe("3");
          expect(jsonOf(heard)).toEqual(failure("Another request is already open."));
          first.abort();
        });
      },
    };
    const running = await start(options);
    const first = new AbortController();
    const gone = ask(
      running,
      {},
      { onRequest: (outgoing) => first.signal.addEventListener("abort", () => outgoing.destroy()) },
    );
    await expect(gone).rejects.toThrow();
    await second;
    let third = await ask(running);
    while (third.status === 429) third = await ask(running);
    expect(third.status).toBe(200);
    expect(running.stats).toMatchObject({ answered: 1, faulted: 1, maxOpen: 2 });
    expect(running.stats.refused).toBe(running.stats.requests - 2);
  });

  it("stays open for a client that has gone, if told to linger", async () => {
    const running = await start({
      lingerMs: 3_600_000,
      busyStatus: 409,
      faults: [{ when: { first: 1 }, what: { kind: "reset" } }],
    });
    await expect(ask(running)).rejects.toThrow();
    for (let time = 0; time < 3; time += 1) expect((await ask(running)).status).toBe(409);
    expect(running.stats).toMatchObject({ requests: 4, refused: 3, answered: 0 });
  });

  it("does not concern requests with other keys, nor one after the other", async () => {
    const running = await start();
    const answers = await Promise.all([
      ask(running, { apiKey: "another" }),
      ask(running, { apiKey: "one more" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    for (let time = 0; time < 20; time += 1) expect((await ask(running)).status).toBe(200);
    expect(running.stats).toMatchObject({ maxOpen: 1, refused: 0, rejected: 2, answered: 20 });
  });
});

describe("the log", () => {
  it("tells what was asked and answered, without the keys, up to its limit", async () => {
    const running = await start({ logLimit: 2 });
    for (const from of [1, 2, 3]) await ask(running, { from, options: {} });
    expect(running.log).toMatchObject([
      { request: 2, time: NOW, body: { from: 2, options: {} }, status: 200, outcome: "answered" },
      { request: 3, body: { from: 3 } },
    ]);
    expect(JSON.stringify(running.log)).not.toContain("Key");
    expect(running.stats.maxOffset).toBe(3);
  });
});

describe("JSON in the style of others", () => {
  it.each([
    ["python", String.raw`"name": "Zo\u00eb", "urls": ["/a?b=1&c", "/d"]`],
    ["go", String.raw`"name":"Zoë","urls":["/a?b=1\u0026c","/d"]`],
    ["php", String.raw`"name":"Zo\u00eb","urls":["\/a?b=1&c","\/d"]`],
    ["capitals", String.raw`"name":   "Zo\u00EB",   "urls":   [  "/a\u003Fb=1&c",   "/d"  ]`],
  ] as const)("%s is the same in other letters", async (jsonStyle, written) => {
    const session = { name: "Zoë", urls: ["/a?b=1&c", "/d"] };
    const running = await start({ sessions: [{ ...ago(1000), ...session }], jsonStyle });
    const text = textOf(await ask(running, ALL));
    expect(text).toContain(written);
    expect(JSON.parse(text)).toMatchObject({ exports: { data: [session] } });
  });
});
