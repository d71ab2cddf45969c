import { describe, expect, it } from "@jest/globals";
import { decodeCursor } from "../../src/sync/cursor.ts";
import { createApi, firstSync } from "../model/api.ts";
import { EPOCH, usual } from "../model/case.ts";
import { type Synced, type SyncOptions, syncOnce } from "../model/sync-once.ts";

const DAY = 86_400;
const site = { ...usual, sessions: 3000, window: 10 * DAY, duplicates: 0, pageSize: 100 };
const NOW = firstSync(site);

/** Starts of what was written, in days since the start date. */
function days({ written }: Synced): readonly number[] {
  return written.map(({ at }) => (at / 1000 - EPOCH) / DAY);
}

function between(list: readonly number[], from: number, to: number): boolean {
  return list.every((day) => day >= from && day < to);
}

function countBetween(from: number, to: number): number {
  const inside = ({ at }: { readonly at: number }) =>
    at >= (EPOCH + from * DAY) * 1000 && at < (EPOCH + to * DAY) * 1000;
  return createApi(site).world.sessions().filter(inside).length;
}

/** Unix s: where a run goes on. */
function placeOf(state: unknown): number {
  const cursor = decodeCursor(state);
  return cursor?.slice?.start ?? (cursor?.timestamp ?? 0) / 1000;
}

function stopAfter(requests: number): SyncOptions {
  return {
    beforeRequest(number) {
      if (number > requests) throw new Error("told to stop");
    },
  };
}

describe("what a sync reads", () => {
  it("is all from the start date to the moment at which it begins, or to the end date", async () => {
    const all = await syncOnce(createApi(site), NOW);
    expect([between(days(all), 0, 10), all.written.length]).toEqual([true, countBetween(0, 10)]);
    const bounded = await syncOnce(createApi(site), NOW, { endDate: EPOCH + 4 * DAY });
    expect([between(days(bounded), 0, 4), bounded.written.length]).toEqual([true, countBetween(0, 4)]);
    expect(bounded.state).toMatchObject({ timestamp: (EPOCH + 4 * DAY) * 1000 });
  });

  it("is nothing for a cursor in the future, or behind the end date", async () => {
    for (const options of [{ now: NOW }, { endDate: EPOCH + 4 * DAY, lookback: 0 }]) {
      const state = { timestamp: (NOW + 1) * 1000 };
      const synced = await syncOnce(createApi(site), NOW, { ...options, state });
      expect(synced).toMatchObject({ written: [], requests: 0, error: undefined, states: [state] });
    }
  });

  it("is the lookback and what is new behind a bare timestamp", async () => {
    const state = { timestamp: (EPOCH + 8 * DAY) * 1000 };
    const synced = await syncOnce(createApi(site), NOW, { state, lookback: DAY });
    expect([between(days(synced), 7, 10), synced.written.length]).toEqual([true, countBetween(7, 10)]);
  });

  it("is never anything before the start date", async () => {
    const state = { timestamp: (EPOCH + 8 * DAY) * 1000 };
    const startDate = EPOCH + 7.5 * DAY;
    const synced = await syncOnce(createApi(site), NOW, { state, startDate, lookback: 3 * DAY });
    expect([between(days(synced), 7.5, 10), synced.written.length]).toEqual([true, countBetween(7.5, 10)]);
  });

  it("is the new part of a longer lookback, and nothing of the known one", async () => {
    const api = createApi(site);
    const first = await syncOnce(api, NOW, { lookback: DAY });
    const second = await syncOnce(api, NOW + 1, { lookback: 2 * DAY, state: first.state });
    expect(between(days(second), 8 - 1 / 24, 9)).toBe(true);
    expect(second.written.length).toBeGreaterThanOrEqual(countBetween(8, 9 - 1 / 24));
  });

  it("goes on in the window of a sync that was cut off, and then to the present", async () => {
    const api = createApi(site);
    const cut = await syncOnce(api, NOW - 2 * DAY, stopAfter(15));
    expect(cut.error).toBeInstanceOf(Error);
    const rest = await syncOnce(api, NOW, { state: cut.state });
    const ids = [...cut.written, ...rest.written].map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([countBetween(0, 10), countBetween(0, 10)]);
  });

  it("brings a late session of the second before the place where a run went on, at the latest with the next sync", async () => {
    const tried = { ...site, window: DAY / 2 };
    const api = createApi(tried);
    const now = firstSync(tried);
    const cut = await syncOnce(api, now, stopAfter(20));
    const { id } = api.world.insert(placeOf(cut.state) * 1000 - 500);
    const rest = await syncOnce(api, now, { state: cut.state });
    const next = await syncOnce(api, now + 1, { state: rest.state });
    expect([...rest.written, ...next.written].filter((row) => row.id === id)).toHaveLength(1);
  });

  it.each([3, 4, 5, 6])(
    "takes a late session where a run cut off at request %d had read for one of those that were counted",
    async (requests) => {
      const tried = { ...site, sessions: 260, window: 20_000 };
      const api = createApi(tried);
      const cut = await syncOnce(api, firstSync(tried), stopAfter(requests));
      const place = placeOf(cut.state);
      expect(place).toBeGreaterThan(EPOCH + 200);
      const [unread] = api.world
        .sessions()
        .filter(({ at }) => at > (place + 100) * 1000 && at < firstSync(tried) * 1000);
      api.world.remove(unread?.id ?? -1);
      const { id } = api.world.insert((EPOCH + 100) * 1000);
      const rest = await syncOnce(api, firstSync(tried), { state: cut.state });
      expect(rest.error).toBeUndefined();
      expect(rest.written.map((row) => row.id)).toContain(id);
      expect(JSON.stringify(rest.events)).not.toContain("warning");
    },
  );

  it("goes on at the timestamp of a state of version 0.1.0", async () => {
    const start = EPOCH + 3 * DAY;
    const slice = { start, end: EPOCH + 5 * DAY, offset: 300, total: 600, last: "a", twins: 1 };
    const state = { timestamp: start * 1000, slice, until: NOW, since: EPOCH };
    const synced = await syncOnce(createApi(site), NOW, { state });
    expect(synced.error).toBeUndefined();
    expect([between(days(synced), 3, 10), synced.written.length]).toEqual([true, countBetween(3, 10)]);
    expect(synced.state).toMatchObject({ timestamp: NOW * 1000, since: EPOCH });
  });
});

describe("a start date that is moved while history is unread", () => {
  it.each([2, 3, 4, 6, 8, 12])(
    "is not told of where it stayed and a run was cut off at request %d",
    async (requests) => {
      const api = createApi(site);
      const cut = await syncOnce(api, NOW, stopAfter(requests));
      const rest = await syncOnce(api, NOW, { state: cut.state });
      expect(JSON.stringify(rest.events)).not.toContain('"skipped"');
      expect(rest.state).toMatchObject({ since: EPOCH });
    },
  );

  it("is told with what is passed over, and is known of later", async () => {
    const api = createApi({ ...site, sessions: 6000 });
    const cut = await syncOnce(api, NOW, stopAfter(40));
    expect(days(cut).length).toBeGreaterThan(0);
    const forward = await syncOnce(api, NOW, { state: cut.state, startDate: EPOCH + 8 * DAY });
    const told = JSON.stringify(forward.events);
    expect(told).toContain('"skipped"');
    expect(told).toContain(`"end":${EPOCH + 8 * DAY}`);
    expect(forward.state).toMatchObject({ since: EPOCH + 8 * DAY });
    const back = await syncOnce(api, NOW + 1, { state: forward.state });
    expect(back.state).toMatchObject({ since: EPOCH + 8 * DAY });
  });
});
