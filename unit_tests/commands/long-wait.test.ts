/** What is written while nothing comes from the API, or nobody takes what is written. */
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Client } from "../../src/browsee/client.ts";
import type { Page } from "../../src/browsee/response.ts";
import { type FailureKind, RetriableFailure } from "../../src/browsee/retry.ts";
import type { Context } from "../../src/commands/context.ts";
import { readStream } from "../../src/commands/read.ts";
import { createStreamMessages, type StreamMessages } from "../../src/commands/stream-messages.ts";
import { parseConfig } from "../../src/config.ts";
import { createRedact, createSecrets } from "../../src/redact.ts";
import { openStream } from "../../src/streams/read-stream.ts";
import { stream as definition } from "../../src/streams/sessions.ts";

const KEYS = { api_key: "demo-api-key-0123456789", secret_key: "demo-secret-key-9876543210" };
const MINUTE_MS = 60_000;
const EMPTY: Page = { rows: [], total: 0 };

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

interface Written {
  /** ms since the read began. */
  readonly at: number;
  readonly line: string;
}

/** A read whose first page comes after some time. @param room what a write waits for, from half a minute on */
function read(pageMs: number, room: Promise<void>) {
  const written: Written[] = [];
  const begun = performance.now();
  const out = {
    gone: new AbortController().signal,
    write(lines: readonly string[]) {
      written.push(...lines.map((line) => ({ at: performance.now() - begun, line })));
      return performance.now() - begun < MINUTE_MS / 2 ? Promise.resolve() : room;
    },
  };
  const common = {
    now: () => Date.now(),
    stop: new AbortController().signal,
  };
  const context: Context = {
    ...common,
    monotonicNow: () => performance.now(),
    out,
    err: new PassThrough(),
    secrets: createSecrets(),
    env: {},
    atTerminal: false,
    random: () => 0.5,
  };
  const messages = createStreamMessages(context, "sessions", createRedact([]));
  const client: Client = {
    page: () => new Promise((resolve) => setTimeout(() => resolve(EMPTY), pageMs)),
    requests: () => 1,
  };
  const open = openStream({
    ...common,
    monotonicNow: context.monotonicNow,
    definition,
    config: parseConfig(KEYS),
    client,
    columns: [],
    incremental: true,
    state: undefined,
  });
  return { written, messages, ended: readStream({ context, client, definition, messages, read: open }) };
}

function timesOf(written: readonly Written[], type: string): readonly number[] {
  return written.filter(({ line }) => line.includes(`"type":"${type}"`)).map(({ at }) => at);
}

describe("while the API does not answer", () => {
  it("there is a STATE at least each 60 s", async () => {
    const { written, ended } = read(10 * MINUTE_MS, Promise.resolve());
    await jest.advanceTimersByTimeAsync(10 * MINUTE_MS);
    await ended;
    const times = [0, ...timesOf(written, "STATE")];
    expect(times.length).toBeGreaterThan(10);
    const gaps = times.slice(1).map((at, index) => at - Number(times[index]));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(MINUTE_MS);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe("while nobody takes what is written", () => {
  it("no STATE piles up on another", async () => {
    let release: () => void = () => undefined;
    const room = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { written, ended } = read(10 * MINUTE_MS, room);
    await jest.advanceTimersByTimeAsync(60 * MINUTE_MS);
    // One by the clock, and one when the page came.
    const [first, second, ...further] = timesOf(written, "STATE");
    expect(first).toBe(55_000);
    expect(second).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    expect(further).toEqual([]);
    release();
    await jest.advanceTimersByTimeAsync(60 * MINUTE_MS);
    await ended;
    expect(timesOf(written, "STATE").length).toBeGreaterThan(0);
  });
});

describe("a wait of the client's", () => {
  const failure = (kind: FailureKind, retryAfterMs?: number) =>
    new RetriableFailure(kind, "HTTP status 429", retryAfterMs);

  /** What is written when the client waits. */
  function waiting(...waits: Parameters<StreamMessages["waiting"]>[0][]): readonly string[] {
    const { written, messages } = read(0, Promise.resolve());
    const before = written.length;
    for (const wait of waits) messages.waiting(wait);
    return written.slice(before).map(({ line }) => line);
  }

  it("is told, with the reason RATE_LIMITED and its end where the API asked for it", () => {
    jest.setSystemTime(1_000_000);
    const limited = expect.stringContaining(
      '"status":"RUNNING","reasons":[{"type":"RATE_LIMITED","rate_limited":{"quota_reset":1007000}}]',
    );
    const words = "sessions: HTTP status 429; attempt 3 failed, asking again in 7.0 s";
    const log = expect.stringContaining(words);
    expect(waiting({ ms: 7000, attempts: 3, leftMs: 60_000, failure: failure("busy") })).toEqual([
      limited,
      log,
    ]);
    const asked = failure("server", 7000);
    expect(waiting({ ms: 7000, attempts: 3, leftMs: 60_000, failure: asked })).toEqual([limited, log]);
    expect(waiting({ ms: 7000, attempts: 3, leftMs: 60_000, failure: failure("server") })).toEqual([log]);
  });

  it("for what an earlier page left behind has no attempts", () => {
    expect(waiting({ ms: 7000, attempts: 0, leftMs: 60_000, failure: failure("cut") })).toEqual([
      expect.stringContaining("sessions: HTTP status 429; asking again in 7.0 s"),
    ]);
  });

  it("of less than a second is nobody's business", () => {
    expect(waiting({ ms: 999, attempts: 1, leftMs: 60_000, failure: failure("busy") })).toEqual([]);
  });
});
