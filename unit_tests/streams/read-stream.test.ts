import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Client } from "../../src/browsee/client.ts";
import { parseConfig } from "../../src/config.ts";
import { Cancelled } from "../../src/errors.ts";
import { openStream } from "../../src/streams/read-stream.ts";
import { stream as definition } from "../../src/streams/sessions.ts";
import { Receipt } from "../../src/sync/page.ts";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe("a checkpoint that is due while the API does not answer, and fails", () => {
  it("ends the reading at once, with its own error", async () => {
    const client: Client = {
      page: (_request, _query, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Cancelled("no request any more")));
        }),
      requests: () => 1,
    };
    const read = openStream({
      definition,
      config: parseConfig({ api_key: "demo-api-key-0123456789", secret_key: "demo-secret-key-9876543210" }),
      client,
      columns: [],
      incremental: true,
      state: undefined,
      stop: new AbortController().signal,
      monotonicNow: () => performance.now(),
      now: Date.now,
    });
    const checkpoint = jest.fn(async () => Promise.reject(new Error("no room")));
    const receipt = new Receipt();
    const ended = read({ records: async () => undefined, checkpoint, begin: () => () => undefined, receipt });
    const failure = ended.catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(await failure).toEqual(new Error("no room"));
    expect(checkpoint).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
