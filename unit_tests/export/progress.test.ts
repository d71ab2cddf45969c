import { describe, expect, it } from "@jest/globals";
import { createProgress } from "../../src/export/progress.ts";
import type { SetStart } from "../../src/streams/read-stream.ts";

const DAY = 86_400;
const START = Date.UTC(2024, 0, 1) / 1000;
const END = START + 10 * DAY;

const SET: SetStart = {
  partition: {
    partition: undefined,
    export: { path: "/" },
    reader: fail,
  },
  cursor: undefined,
  bounds: { startDate: START, endDate: undefined, lookback: DAY, forwardOnly: false, now: END },
};

function fail(): never {
  throw new Error("no row is read here");
}

/** A stream of so many sets, at the beginning of the first. */
function begin(sets = 1) {
  let now = 0;
  const progress = createProgress("sessions", () => now);
  progress.begin(SET, sets);
  progress.report({ kind: "window", from: START, to: END, reached: undefined });
  return {
    ...progress,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

function slice(start: number, end: number) {
  return { kind: "slice", slice: { start, end }, windowEnd: END } as const;
}

describe("progress", () => {
  it("waits before it begins", () => {
    const progress = createProgress("sessions", () => 0);
    expect(progress.view()).toMatchObject({ phase: "waiting", done: 0, fraction: undefined });
  });

  it("knows the total of a small set with the first answer", () => {
    const progress = begin();
    expect(progress.view()).toMatchObject({
      phase: "reading",
      done: 0,
      total: undefined,
      fraction: undefined,
    });
    progress.counted(END, 400);
    progress.view();
    progress.written(100);
    progress.wait(1000);
    expect(progress.view()).toEqual({
      stream: "sessions",
      phase: "reading",
      done: 100,
      total: 400,
      fraction: 0.25,
      perSecond: 100,
      leftMs: 3000,
    });
  });

  it("does not take a part's count for the whole", () => {
    const progress = begin();
    progress.counted(START + DAY, 50);
    progress.counted(END, undefined);
    expect(progress.view().total).toBeUndefined();
  });

  it("goes on by what was estimated, slice after slice", () => {
    const progress = begin();
    progress.report({ kind: "estimate", rows: 1000 });
    progress.written(300);
    progress.report({ ...slice(START, START + DAY), counted: 400 });
    expect(progress.view()).toMatchObject({ done: 400, total: 1000, fraction: 0.4 });
    progress.counted(END, 500);
    expect(progress.view()).toMatchObject({ done: 400, total: 900 });
  });

  it("goes by time where nothing was counted", () => {
    const progress = begin();
    progress.report({ ...slice(START, START + 5 * DAY), counted: 0 });
    expect(progress.view()).toMatchObject({ done: 0, total: undefined, fraction: 0.5 });
  });

  it("forgets what was read of a slice that was torn", () => {
    const progress = begin();
    progress.counted(END, 100);
    progress.written(60);
    progress.report({ kind: "torn", slice: { start: START, end: END }, why: "it moved" });
    expect(progress.view()).toMatchObject({ done: 0, fraction: 0 });
  });

  it("never promises more than all, nor a total that is less than what is done", () => {
    const progress = begin();
    progress.counted(END, 100);
    progress.written(150);
    expect(progress.view()).toMatchObject({ done: 150, total: 150, fraction: 1 });
  });

  it("counts the sets of a stream together", () => {
    const progress = begin(2);
    progress.counted(END, 100);
    progress.report({ ...slice(START, END), counted: 100 });
    expect(progress.view()).toMatchObject({ done: 100, total: undefined, fraction: 0.5 });
    progress.begin(SET, 2);
    progress.report({ kind: "window", from: START, to: END, reached: undefined });
    progress.counted(END, 300);
    progress.written(150);
    expect(progress.view()).toMatchObject({ done: 250, total: 400, fraction: 0.75 });
    progress.end("done");
    expect(progress.view()).toMatchObject({ phase: "done", fraction: 1 });
  });
});
