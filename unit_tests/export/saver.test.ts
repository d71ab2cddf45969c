import { describe, expect, it } from "@jest/globals";
import { createSaver, type Saver } from "../../src/export/saver.ts";
import type { Emission } from "../../src/sync/emission.ts";

/** Sessions of which 2,000 are a commit, and 3,000 are the most that wait. */
function batchOf(rows: number): readonly Emission[] {
  const json = `"${"x".repeat(1498)}"`;
  return Array.from({ length: rows }, () => ({ data: {}, nulled: [], json, text: json }));
}

/** A sink whose commits end when they are told to, with a record of all calls. */
function createSlowSink(state?: object, charactersACommit = 4_000_000) {
  const calls: string[] = [];
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  return {
    calls,
    state,
    charactersACommit,
    async write(batch: readonly Emission[]) {
      calls.push(`write ${batch.length}`);
      return batch.reduce((sum, { json }) => sum + json.length, 0);
    },
    commit(state: object) {
      calls.push(`commit ${JSON.stringify(state)}`);
      return new Promise<void>((resolve, reject) => {
        ends.push({ resolve, reject });
      });
    },
    /** Ends the oldest commit that is under way. */
    end(error?: Error) {
      const commit = ends.shift();
      calls.push(commit === undefined ? "no commit" : "end");
      return error === undefined ? commit?.resolve() : commit?.reject(error);
    },
  };
}

/** Whether some work is done after all that is done without waiting for the sink. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  let done = false;
  const settle = () => {
    done = true;
  };
  void work.then(settle, settle);
  await new Promise(setImmediate);
  return done;
}

async function give(saver: Saver, rows: number, state: object): Promise<void> {
  await saver.records(batchOf(rows));
  await saver.checkpoint(state);
}

describe("the saver", () => {
  it("has few sessions wait for more", async () => {
    const sink = createSlowSink();
    const saver = createSaver(sink, () => 0);
    await give(saver, 1000, { to: 1 });
    expect(sink.calls).toEqual(["write 1000"]);
    await give(saver, 1000, { to: 2 });
    expect(sink.calls).toEqual(["write 1000", "write 1000", 'commit {"to":2}']);
  });

  it("saves few sessions too once they have waited for long", async () => {
    const sink = createSlowSink();
    let now = 0;
    const saver = createSaver(sink, () => now);
    await give(saver, 1, { to: 1 });
    now = 5000;
    await saver.checkpoint({ to: 2 });
    expect(sink.calls).toEqual(["write 1", 'commit {"to":2}']);
  });

  it("reads on while a commit is under way, but only so far", async () => {
    const sink = createSlowSink();
    const saver = createSaver(sink, () => 0);
    await give(saver, 2000, { to: 1 });
    await give(saver, 2000, { to: 2 });
    const waiting = give(saver, 1000, { to: 3 });
    expect(await isDone(waiting)).toBe(false);
    expect(sink.calls).toEqual(["write 2000", 'commit {"to":1}', "write 2000", "write 1000"]);
    sink.end();
    await waiting;
    expect(sink.calls.slice(-2)).toEqual(["end", 'commit {"to":3}']);
  });

  it("commits no state that leaves out what was written before", async () => {
    const sink = createSlowSink();
    const saver = createSaver(sink, () => 0);
    await give(saver, 2000, { to: 1 });
    const late = give(saver, 3000, { to: 2 });
    expect(await isDone(late)).toBe(false);
    // A checkpoint by the clock may wait while reading goes on.
    await saver.records(batchOf(1));
    sink.end();
    await late;
    expect(sink.calls.at(-1)).toBe("end");
    await saver.checkpoint({ to: 3 });
    expect(sink.calls.at(-1)).toBe('commit {"to":3}');
  });

  it("has ever more sessions make a commit, where the sink likes many", async () => {
    const sink = createSlowSink(undefined, 12_000_000);
    const saver = createSaver(sink, () => 0);
    for (let to = 1; to <= 20; to += 1) {
      await give(saver, 1000, { to });
      sink.end();
      await new Promise(setImmediate);
    }
    const commits = sink.calls.filter((call) => call.startsWith("commit"));
    // After 4 million characters, then after 12; 2 million come at a time.
    expect(commits).toEqual([2, 8, 14, 20].map((to) => `commit {"to":${to}}`));
  });

  it("commits the last state at the end, after the one under way", async () => {
    const sink = createSlowSink();
    const saver = createSaver(sink, () => 0);
    await give(saver, 2000, { to: 1 });
    await give(saver, 1, { to: 2 });
    const flushed = saver.flush(true);
    expect(await isDone(flushed)).toBe(false);
    sink.end();
    expect(await isDone(flushed)).toBe(false);
    sink.end();
    await flushed;
    expect(sink.calls).toEqual(["write 2000", 'commit {"to":1}', "write 1", "end", 'commit {"to":2}', "end"]);
  });

  it("has nothing to commit twice", async () => {
    const sink = createSlowSink();
    const saver = createSaver(sink, () => 0);
    await give(saver, 2000, { to: 1 });
    sink.end();
    await saver.flush(true);
    await saver.flush(true);
    expect(sink.calls).toEqual(["write 2000", 'commit {"to":1}', "end"]);
  });

  it("begins nothing new before there is a session, unless it is whole", async () => {
    let now = 0;
    const kept = { to: 0 };
    for (const state of [undefined, kept]) {
      for (const whole of [false, true]) {
        const sink = createSlowSink(state);
        const saver = createSaver(sink, () => now);
        await saver.records([]);
        now += 5000;
        await saver.checkpoint({ to: 1 });
        const isBegun = state !== undefined;
        expect(sink.calls.length).toBe(isBegun ? 2 : 1);
        const flushed = saver.flush(whole);
        if (isBegun || whole) {
          await new Promise(setImmediate);
          sink.end();
        }
        await flushed;
        expect(sink.calls.includes('commit {"to":1}')).toBe(isBegun || whole);
      }
    }
  });

  it("ends everything with the sink's first failure", async () => {
    const sink = createSlowSink();
    const saver = createSaver(sink, () => 0);
    await give(saver, 2000, { to: 1 });
    const waiting = give(saver, 3000, { to: 2 });
    const failure = new Error("no room");
    sink.end(failure);
    await expect(waiting).rejects.toBe(failure);
    await expect(saver.records(batchOf(1))).rejects.toBe(failure);
    await expect(saver.checkpoint({ to: 3 })).rejects.toBe(failure);
    await expect(saver.flush(true)).rejects.toBe(failure);
    expect(sink.calls.filter((call) => call.startsWith("commit"))).toEqual(['commit {"to":1}']);
  });
});
