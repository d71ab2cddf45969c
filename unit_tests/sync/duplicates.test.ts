import { describe, expect, it } from "@jest/globals";
import { createApi, firstSync } from "../model/api.ts";
import { EPOCH, type Order, usual } from "../model/case.ts";
import { type Synced, syncOnce } from "../model/sync-once.ts";

const DAY = 86_400;
const site = { ...usual, sessions: 300, window: 2 * DAY, duplicates: 0.3, pageSize: 100, lastingTies: false };

function keysOf({ written }: Synced): readonly string[] {
  return written.map(({ key }) => key).sort();
}

describe("sessions that agree in every lasting field", () => {
  it("all come, with keys that are the same at the next read, whatever the order", async () => {
    const orders: readonly Order[] = ["ascending", "descending", "arbitrary", "activity", "random"];
    const all: (readonly string[])[] = [];
    for (const order of orders) {
      const tried = { ...site, order };
      const read = await syncOnce(createApi(tried), firstSync(tried));
      expect(new Set(keysOf(read)).size).toBe(read.written.length);
      all.push(keysOf(read));
      const again = await syncOnce(createApi(tried), firstSync(tried));
      expect(again.written.map(({ key, id }) => `${key} ${id}`).sort()).toEqual(
        read.written.map(({ key, id }) => `${key} ${id}`).sort(),
      );
    }
    for (const keys of all) expect(keys).toEqual(all[0]);
  });

  it.each(["ascending", "arbitrary"] as const)("300 in one millisecond, %s, all come", async (order) => {
    const tried = { ...site, sessions: 50, duplicates: 0, bots: 300, order };
    const read = await syncOnce(createApi(tried), firstSync(tried));
    expect(read.error).toBeUndefined();
    expect(new Set(keysOf(read)).size).toBe(read.written.length);
    expect(new Set(read.written.map(({ id }) => id)).size).toBe(350 - outside(tried.seed));
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    "are all kept where one came behind the other, and changed while missing sessions were looked for: %d",
    async (number) => {
      const tried = { ...site, duplicates: 0, order: "ascending" as const };
      const api = createApi(tried);
      const { world } = api;
      const now = firstSync(tried);
      const lookback = 3 * DAY;
      const sorted = () =>
        [...world.sessions()]
          .filter(({ at }) => at >= EPOCH * 1000 && at < now * 1000)
          .sort((a, b) => a.at - b.at);
      const one = sorted()[number];
      /** Behind the third request: a session comes where was read already, and one goes that was not read. */
      const missOne = (insert: () => void) => (request: number) => {
        if (request !== 4) return;
        insert();
        world.remove(sorted().at(-1)?.id ?? -1);
      };
      const first = await syncOnce(api, now, {
        lookback,
        beforeRequest: missOne(() => world.insert(one?.at ?? 0, one)),
      });
      const change = () => {
        world.change(one?.id ?? -1, { version: 1 });
        world.insert((one?.at ?? 0) + 1);
      };
      const second = await syncOnce(api, now + 60, {
        lookback,
        state: first.state,
        beforeRequest: missOne(change),
      });
      const table = new Map(
        [...first.written, ...second.written].map((row) => [row.key, `${row.id} ${row.version}`]),
      );
      const held = new Set(table.values());
      expect(sorted().filter(({ id, version }) => !held.has(`${id} ${version}`))).toEqual([]);
    },
  );
});

/** Sessions of the case that lie outside of the window. */
function outside(seed: number): number {
  const tried = { ...site, sessions: 50, duplicates: 0, bots: 300, seed };
  const end = firstSync(tried) * 1000;
  const begin = end - tried.window * 1000;
  return createApi(tried)
    .world.sessions()
    .filter(({ at }) => at < begin || at >= end).length;
}
