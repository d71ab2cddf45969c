import { describe, expect, it } from "@jest/globals";
import { ConnectorError } from "../../src/errors.ts";
import { PageKnowledge, Requests } from "../../src/sync/requests.ts";
import { createApi, firstSync } from "../model/api.ts";
import { type Case, usual } from "../model/case.ts";
import { play } from "../model/play.ts";
import { engine } from "../model/run.ts";
import { type Synced, type SyncOptions, syncOnce } from "../model/sync-once.ts";

const site = { ...usual, sessions: 450, outside: 0, duplicates: 0, pageSize: 100 };

function sync(ways: Partial<Case>, options: SyncOptions = {}): Promise<Synced> {
  const tried = { ...site, ...ways };
  return syncOnce(createApi(tried), firstSync(tried), options);
}

function warnings({ events }: Synced): string {
  return events
    .map((event) => JSON.stringify(event))
    .filter((text) => text.includes("warning"))
    .join("\n");
}

describe("a count that does not fit", () => {
  it.each<[string, Partial<Case>]>([
    ["no total", { count: "absent" }],
    ["a negative total", { count: "negative" }],
    ["a total that is no integer", { count: "broken" }],
    ["a total one too high", { count: "more" }],
    ["a total one too low", { count: "less" }],
    ["the page's own count", { count: "page" }],
    ["start and end ignored", { filter: "ignored", outside: 200_000 }],
    ["sessions that lie within no span", { filter: "within" }],
    ["a set that ends at 500 within one second", { burst: 800, ends: 500 }],
  ])("%s: contract_broken, a system_error", async (_name, ways) => {
    const { error, requests } = await sync(ways);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({ code: "contract_broken", failureType: "system_error" });
    expect(requests).toBeLessThanOrEqual(4 * 13 + 200);
  });

  it("says what was counted and what came", async () => {
    const { error } = await sync({ filter: "within" });
    const { message } = error instanceof Error ? error : new Error("none");
    const numbers = [...message.matchAll(/\d[\d,]*/g)].map(([text]) => Number(text.replaceAll(",", "")));
    expect(numbers).toContain(450);
  });

  it.each<[string, Partial<Case>]>([
    ["a total that is late", { count: "late", lag: 1, move: 0.2 }],
    ["a total cut at 300", { cap: 300 }],
    ["pages of 37", { pageSize: 37 }],
    ["pages of different sizes", { randomPages: true }],
    ["a limit that is ignored", { limitIgnored: true }],
    ["filters cut to minutes", { filter: "minutes" }],
    ["filters that are a minute off", { filter: "shifted", shift: 60 }],
  ])("%s: all sessions come", async (_name, ways) => {
    const tried = { ...site, ...ways };
    const api = createApi(tried);
    const stood = api.world.sessions().map(({ id }) => id);
    const { error, written } = await syncOnce(api, firstSync(tried));
    expect(error).toBeUndefined();
    const came = new Set(written.map(({ id }) => id));
    expect(stood.filter((id) => !came.has(id) && api.world.find(id) !== undefined)).toEqual([]);
  });

  it.each(["ascending", "descending"] as const)(
    "history that begins right behind a session, %s: the one before it is not missed",
    async (order) => {
      const api = createApi({ ...site, order, window: 30 * 86_400 });
      const starts = api.world.sessions().map(({ at }) => Math.floor(at / 1000));
      const [before = 0] = starts.sort((a, b) => a - b).slice(200);
      const options = { startDate: before + 1 + 3600 };
      const { error } = await syncOnce(api, firstSync({ ...site, window: 30 * 86_400 }), options);
      expect(error).toBeUndefined();
    },
  );

  it("is passed over with a warning if the user accepts it", async () => {
    const strict = await sync({ filter: "within" });
    expect(strict.error).toMatchObject({ code: "contract_broken" });
    const accepted = await sync({ filter: "within" }, { acceptCountMismatch: true });
    expect(accepted.error).toBeUndefined();
    expect(accepted.written.length).toBeGreaterThan(200);
    expect(warnings(accepted)).toContain("450");
  });
});

describe("a set that moves too much to be read", () => {
  it.each<Partial<Case>>([
    {
      seed: 424204002,
      sessions: 60,
      dense: 120,
      lastingTies: false,
      pageSize: 5,
      move: 0.4,
      moves: ["insert"],
    },
    { seed: 424202002, sessions: 60, dense: 120, order: "random", pageSize: 5, move: 0.4, moves: ["insert"] },
    { seed: 424209003, sessions: 5, burst: 80, order: "random", pageSize: 12, move: 0.05 },
    { seed: 77716002, sessions: 20, bots: 70, order: "random", move: 0.1, moves: ["swap"] },
    { seed: 3100100017, sessions: 60, burst: 80, order: "random", pageSize: 9, move: 0.05, latency: 0.1 },
  ])("is not said to break the contract: %j", async (ways) => {
    const tried = { ...usual, latency: 60, ...ways };
    const { error, requests } = await syncOnce(createApi(tried), firstSync(tried));
    expect(error).toMatchObject({ code: "set_keeps_moving", failureType: "transient_error" });
    expect(requests).toBeLessThanOrEqual((4 * 200) / tried.pageSize + 200);
  });
});

describe("a set that moves while runs are killed", () => {
  const swaps = { window: 600_000, move: 0.7, moves: ["swap"], kill: 15, latency: 60 } as const;
  const replicas = { replicas: true, lag: 6, move: 0.5, order: "arbitrary", pageSize: 12, kill: 10 } as const;
  it.each<[string, Partial<Case>]>([
    ["in the last minutes that were read", { ...swaps, seed: 5100008, sessions: 81 }],
    ["there, with more sessions", { ...swaps, seed: 5200004, sessions: 153 }],
    [
      "and one of two replicas is far behind, the one that answers each time that a count is looked into",
      { ...replicas, seed: 424300003, sessions: 116, syncs: 3, maxFingerprints: 12, latency: 60 },
    ],
  ])("is read to its end: %s", async (_name, ways) => {
    const { problems, end } = await play({ ...usual, ...ways }, engine);
    expect([problems, end]).toEqual([{}, "ok"]);
  });
});

/** Requests for rows that are always the same. */
function unmoved(): Requests {
  const page = { starts: [1, 2, 3], total: 3, rows: () => [] };
  const pages = new PageKnowledge();
  return new Requests({
    ...{ pages, acceptCountMismatch: false },
    fetch: async () => page,
    warn: () => undefined,
  });
}

describe("the number of requests", () => {
  it.each([0, 1664, 1675])(
    "never exceeds 4 for each 100 of %d rows and 200, one to look why included",
    async (rows) => {
      const requests = unmoved();
      requests.expect(rows);
      const most = (4 * rows) / 100 + 200;
      const askOn = async () => {
        for (let sent = 0; sent < 2 * most; sent += 1) await requests.ask({ start: 0, end: 10 }, 0);
      };
      await expect(askOn()).rejects.toMatchObject({ code: "contract_broken" });
      expect(requests.sent).toBeLessThanOrEqual(most);
    },
  );
});

describe("a set that stands still", () => {
  it("is not said to move where requests run out before the first one of a further window", async () => {
    const requests = unmoved();
    for (let sent = 1; sent < 200; sent += 1) await requests.ask({ start: 0, end: 10 }, 0);
    requests.beginWindow(false);
    await expect(requests.ask({ start: 10, end: 20 }, 0)).rejects.toMatchObject({ code: "contract_broken" });
  });
});
