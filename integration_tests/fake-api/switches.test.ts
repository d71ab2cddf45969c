import { describe, expect, it } from "@jest/globals";
import { apiStarter } from "./api-starter.ts";
import type { Switches } from "./switches.ts";
import { ask, column, pageOf } from "./test-client.ts";

const start = apiStarter({ idField: "id" });

describe("switches", () => {
  // [start, duration] in s: the third was inserted late, the last two are equal.
  const times = [
    [10, 50],
    [20, 1],
    [15, 30],
    [70, 5],
    [70, 5],
  ];
  const row = ([start = 0, duration = 0]: readonly number[]) => ({
    timestamp: start * 1000,
    duration: duration * 1000,
  });

  async function answered(switches: Partial<Switches>, query: object = { start: 1, end: 200 }) {
    const api = await start({ sessions: [0, 1, 3, 4].map((n) => row(times[n] ?? [])), ...switches });
    api.handle.insert([row(times[2] ?? [])]);
    const page = pageOf(await ask(api, query));
    return { api, ids: column(page, "id"), total: page.total };
  }

  it.each<[Partial<Switches>, readonly number[]]>([
    [{ order: "insertion" }, [0, 1, 2, 3, 4]],
    [{ order: "newest" }, [4, 3, 2, 1, 0]],
    [{ order: "activity" }, [2, 3, 0, 4, 1]],
    [{ order: "duration" }, [1, 2, 3, 4, 0]],
  ])("%j: rows come in that order", async (switches, expected) => {
    expect((await answered(switches)).ids).toEqual(expected);
  });

  it.each<[Partial<Switches>, readonly number[]]>([
    [{ filter: "start" }, [4, 1]],
    [{ filter: "end" }, [4, 1]],
    [{ filter: "within" }, [4, 1]],
    [{ filter: "overlap" }, [0, 4, 1]],
    [{ filter: "minutes" }, []],
    [{ filter: "hours" }, [0, 4, 1]],
    [{ filter: "shifted", shift: 5 }, [0, 4, 1]],
    [{ filter: "shifted", shift: -40 }, [2, 3]],
    [{ filter: "start-ignored" }, [0, 4, 1]],
    [{ filter: "end-ignored" }, [4, 1, 2, 3]],
    [{ filter: "ignored" }, [0, 4, 1, 2, 3]],
  ])("%j: those sessions from 12 to 50 come", async (switches, expected) => {
    expect((await answered(switches, { start: 12, end: 50 })).ids).toEqual(expected);
  });

  it.each<[Partial<Switches>, readonly unknown[]]>([
    [{ total: "alternating" }, [6, 5]],
    [{ total: "more", cap: 3 }, [3, 3]],
    [{ total: "less" }, [4, 4]],
    [{ total: "late", lag: 1 }, [4, 5]],
    [{ total: "late", lag: 2 }, [4, 4]],
    [{ ends: 3 }, [3, 3]],
    [{ lag: 3, replicas: 1 }, [5, 4]],
    [{ total: "page", pageSize: 2 }, [2, 2]],
    [{ total: "absent" }, [undefined, undefined]],
    [{ total: "negative" }, [-1, -1]],
    [{ total: "text" }, ["5", "5"]],
  ])("%j: total is %p in two answers", async (switches, expected) => {
    const { api, total } = await answered(switches);
    const second = pageOf(await ask(api, { start: 1, end: 200 }));
    expect([total, second.total]).toEqual(expected);
  });

  it("ties random: equal rows change places from request to request, and no others", async () => {
    const { api } = await answered({ ties: "random" });
    const seen = new Set<string>();
    for (let n = 0; n < 20; n += 1) {
      const ids = column(pageOf(await ask(api, { start: 1, end: 200 })), "id");
      expect(ids.slice(0, 3)).toEqual([0, 4, 1]);
      seen.add(ids.slice(3).join());
    }
    expect([...seen].sort()).toEqual(["2,3", "3,2"]);
  });

  it("may be set while it runs", async () => {
    const { api } = await answered({});
    api.handle.setSwitches({ order: "newest" });
    expect(column(pageOf(await ask(api, { start: 1, end: 200 })), "id")).toEqual([4, 3, 2, 1, 0]);
  });
});
