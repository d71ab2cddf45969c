import { beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectorRun, readFrom } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { startFakeApi } from "../fake-api/server.ts";
import type { Message } from "../message.ts";

const GENERATED = { count: 3456, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) };
/** Unix s. */
const MIDDLE = Date.UTC(2024, 0, 31) / 1000;

const start = apiStarter({ generated: GENERATED });

/** A run's messages in a word each, with runs of one word told once. LOG and ESTIMATE may stand anywhere. */
function course({ messages }: ConnectorRun): readonly string[] {
  const words = messages.flatMap(word);
  return words.filter((each, at) => each !== words[at - 1]);
}

function word(message: Message): readonly string[] {
  if (message.type === "LOG") return [];
  if (message.type !== "TRACE") return [message.type];
  if (message.trace.type === "ESTIMATE") return [];
  const { stream_status: body, error } = message.trace;
  return [
    body === undefined ? `ERROR ${error?.failure_type}` : `${body.status} ${body.stream_descriptor.name}`,
  ];
}

function estimates({ messages }: ConnectorRun) {
  return messages.flatMap((message) => (message.type === "TRACE" ? (message.trace.estimate ?? []) : []));
}

describe("read: the course of messages", () => {
  it("is STARTED, RUNNING with the first record, COMPLETE; each stream's last word on its data is a STATE", async () => {
    const streams = { sessions: {}, segment_sessions: {} };
    const run = await readFrom(await start(), { streams, config: { segment_ids: ["from-campaigns"] } });
    expect(course(run).filter((each) => !["RECORD", "STATE"].includes(each))).toEqual([
      "STARTED sessions",
      "RUNNING sessions",
      "COMPLETE sessions",
      "STARTED segment_sessions",
      "RUNNING segment_sessions",
      "COMPLETE segment_sessions",
    ]);
    const sessions = course(run).slice(0, course(run).indexOf("COMPLETE sessions"));
    expect(sessions.slice(0, 4)).toEqual(["STARTED sessions", "RUNNING sessions", "RECORD", "STATE"]);
    expect(sessions.at(-1)).toBe("STATE");
  });

  it("is STARTED, STATE, COMPLETE for a stream without records", async () => {
    const run = await readFrom(await start({ sessions: [] }));
    expect(course(run)).toEqual(["STARTED sessions", "STATE", "COMPLETE sessions"]);
  });

  it("is nothing for an empty catalog", async () => {
    const run = await readFrom(await start(), { streams: {} });
    expect(course(run)).toEqual([]);
    expect(run.code).toBe(0);
  });

  it("ends with STATE, INCOMPLETE and ERROR where a stream fails, with its stream_descriptor", async () => {
    const faults: FakeApiOptions["faults"] = [
      { when: { matching: ({ start = 0 }) => start > MIDDLE }, what: { kind: "status", status: 503 } },
    ];
    const run = await readFrom(await start({ faults }), {
      config: { retry_deadline_seconds: 0 },
    });
    expect(course(run).slice(-3)).toEqual(["STATE", "INCOMPLETE sessions", "ERROR transient_error"]);
    expect(run.errors).toMatchObject([{ stream_descriptor: { name: "sessions" } }]);
    expect(run.records.length).toBeGreaterThan(1000);
    expect(run.code).toBe(1);
  });
});

describe("read: one that goes well", () => {
  let run: ConnectorRun;

  beforeAll(async () => {
    const running = await startFakeApi({ generated: GENERATED, latencyMs: 5 });
    run = await readFrom(running);
    expect(running.stats).toMatchObject({ maxOpen: 1, refused: 0 });
    await running.close();
  });

  it("has a STATE for each 1,000 records, with sourceStats.recordCount = records since the one before", () => {
    const { states } = run;
    expect(states.length).toBeGreaterThanOrEqual(4);
    const counts = states.map(({ sourceStats }) => sourceStats.recordCount);
    expect(Math.max(...counts)).toBeLessThanOrEqual(1000);
    expect(counts.reduce((sum, count) => sum + count)).toBe(3456);
  });

  it("tells an ESTIMATE of the stream's rows, which is right at the end", () => {
    const expected = { name: "sessions", type: "STREAM", row_estimate: 3456 };
    expect(estimates(run)).toContainEqual(expected);
    expect(estimates(run).at(-1)).toEqual(expected);
  });

  it("tells at the end of a stream how many of the sessions that the API counted are accounted for", () => {
    expect(run.logs.at(-1)).toMatch(
      /^sessions: 3,456 of 3,456 sessions accounted for; 3,456 records written; \d+ requests, /,
    );
  });

  it("has nothing on stderr, and only LOG messages of level INFO", () => {
    const { messages, stderr } = run;
    expect(stderr).toBe("");
    for (const message of messages) if (message.type === "LOG") expect(message.log.level).toBe("INFO");
  });
});

describe("read: one request at a time", () => {
  it("holds across streams and segments", async () => {
    const running = await start();
    const streams = { sessions: {}, segment_sessions: {} };
    await readFrom(running, { streams, config: { segment_ids: ["from-campaigns", "mobile-visitors"] } });
    expect(running.stats).toMatchObject({ maxOpen: 1, refused: 0, rejected: 0, faulted: 0 });
  });
});
