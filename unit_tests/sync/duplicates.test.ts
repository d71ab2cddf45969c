import { describe, expect, it } from "@jest/globals";
import { createApi, firstSync } from "../model/api.ts";
import { type Order, usual } from "../model/case.ts";
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
