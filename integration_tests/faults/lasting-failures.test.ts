/** Failures that stay end the stream with the right failure type, and with a state from which nothing is lost. */
import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, lastStates } from "../connector.ts";
import type { Fault } from "../fake-api/faults.ts";
import type { ExportRequest } from "../fake-api/request.ts";
import { expectNoneLost, expectWhole, from, readHastily, withApi } from "./fault-run.ts";

/** The first pages are answered well. */
const FIRST_FAILING = 10;

type Expected = readonly [Fault, string, RegExp];

// What other answers mean: unit_tests/browsee/response.test.ts.
const LASTING: readonly Expected[] = [
  [{ kind: "status", status: 503, retryAfterS: 60 }, "transient_error", /HTTP status 503/],
  [{ kind: "status", status: 409, words: "Busy." }, "transient_error", /HTTP status 409: "Busy."/],
  [{ kind: "reset" }, "transient_error", /the connection broke: .*ECONNRESET/],
  [{ kind: "hang" }, "transient_error", /no whole answer within 1 s/],
  [{ kind: "broken-gzip" }, "transient_error", /a body that can't be unpacked/],
  [{ kind: "html-200" }, "transient_error", /a body that is not JSON: "Down for maintenance"/],
  [{ kind: "no-data" }, "system_error", /exports\.data is missing/],
  [{ kind: "null-rows" }, "system_error", /exports\.data\.0 is missing/],
  [{ kind: "status", status: 404 }, "system_error", /HTTP status 404/],
  [{ kind: "empty-page" }, "system_error", /counts \d+ records .* gives 0/],
  [
    { kind: "status", status: 401 },
    "config_error",
    /HTTP status 401: "Secret Key invalid\."\). Check api_key/,
  ],
  [
    { kind: "status", status: 403, html: true, words: "Just a moment..." },
    "transient_error",
    /HTTP status 403: "Just a moment\.\.\.", from a gateway/,
  ],
  [{ kind: "status", status: 400, words: "Segment not found." }, "config_error", /"Segment not found."/],
  [{ kind: "status", status: 400, words: "limit is too large." }, "system_error", /how this connector asked/],
];

/** Patience with an answer that comes, however busy the machine. */
function timeoutFor({ kind }: Fault): object {
  return ["hang", "drip", "slow", "endless"].includes(kind) ? {} : { request_timeout_seconds: 20 };
}

/** A failure that lasts is given 4 s, and long enough where it takes several answers to tell. */
function deadlineFor(type: string): object {
  return { retry_deadline_seconds: type === "system_error" ? 20 : 4 };
}

/** What is said of a stream that failed. */
function verdictOf({ code, errors, messages, lines }: ConnectorRun) {
  const statuses = messages.flatMap((message) =>
    message.type === "TRACE" ? (message.trace.stream_status?.status ?? []) : [],
  );
  const [error] = errors;
  expect(errors).toHaveLength(1);
  expect(lines.some((line) => line.includes("at async "))).toBe(false);
  return {
    code,
    type: error?.failure_type,
    message: error?.message ?? "",
    stream: error?.stream_descriptor?.name,
    status: statuses.at(-1),
  };
}

describe("a failure that stays", () => {
  it.concurrent.each(LASTING)("%j is a %s", async (what, type, message) => {
    await withApi({ faults: [from(FIRST_FAILING, what)] }, async (api) => {
      const failed = await readHastily(api, { config: { ...deadlineFor(type), ...timeoutFor(what) } });
      expect(verdictOf(failed)).toEqual({
        code: 1,
        type,
        message: expect.stringMatching(message),
        stream: "sessions",
        status: "INCOMPLETE",
      });
      expect(failed.records.length).toBeGreaterThan(0);
      api.handle.setFaults([]);
      const rest = await readHastily(api, { state: lastStates(failed) });
      expect(rest.code).toBe(0);
      const records = [...failed.records, ...rest.records];
      // A page that is empty looks like a set that moves: the slice is read again, also by the next sync.
      if (what.kind === "empty-page") expectNoneLost(api, records);
      else expectWhole(api, records);
    });
  });

  it.concurrent("an answer that never ends is cut off long before it fills the memory", async () => {
    await withApi({ faults: [from(1, { kind: "endless" })] }, async (api) => {
      const config = { request_timeout_seconds: 600, retry_deadline_seconds: 0 };
      expect(verdictOf(await readHastily(api, { config }))).toMatchObject({
        code: 1,
        type: "transient_error",
        message: expect.stringContaining("an answer larger than any page can be"),
      });
    });
  });

  it.concurrent("from the first request on: a state that says so, and then everything", async () => {
    await withApi({ faults: [from(1, { kind: "status", status: 500 })] }, async (api) => {
      const failed = await readHastily(api, { config: { retry_deadline_seconds: 0 } });
      expect(verdictOf(failed)).toMatchObject({ code: 1, type: "transient_error", status: "INCOMPLETE" });
      expect(api.stats.requests).toBe(1);
      api.handle.setFaults([]);
      expectWhole(api, (await readHastily(api, { state: lastStates(failed) })).records);
    });
  });
});

describe("a request that is refused", () => {
  it("of the keys is not asked for again, nor are further streams tried", async () => {
    await withApi({ apiKey: "another" }, async (api) => {
      const streams = { sessions: {}, segment_sessions: {} };
      const run = await readHastily(api, { streams, config: { segment_ids: ["mobile-visitors"] } });
      expect(verdictOf(run)).toMatchObject({ code: 1, type: "config_error", stream: "sessions" });
      expect(api.stats).toMatchObject({ requests: 1, rejected: 1 });
    });
  });

  it("of one stream that may pass does not keep the next from being read", async () => {
    const what: Fault = { kind: "status", status: 503 };
    const matching = ({ segmentId }: ExportRequest) => segmentId === undefined;
    await withApi({ faults: [{ when: { matching }, what }] }, async (api) => {
      const streams = { sessions: {}, segment_sessions: {} };
      const config = { segment_ids: ["mobile-visitors"], retry_deadline_seconds: 1 };
      const run = await readHastily(api, { streams, config });
      expect(verdictOf(run)).toMatchObject({
        code: 1,
        type: "transient_error",
        stream: "sessions",
        status: "COMPLETE",
      });
      expect(run.records).toHaveLength([...api.handle.truth({ segmentId: "mobile-visitors" })].length);
    });
  });
});
