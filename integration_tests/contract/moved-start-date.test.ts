import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, lastStates, readFrom } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { FakeApi } from "../fake-api/server.ts";

const GENERATED = { count: 3000, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) };
const EARLY = "2024-01-01T00:00:00Z";
const CUT = Date.UTC(2024, 0, 20);
const LATE = "2024-02-10T00:00:00Z";

const start = apiStarter({ generated: GENERATED });

function read(running: FakeApi, start_date: string, before?: ConnectorRun): Promise<ConnectorRun> {
  const config = { start_date, retry_deadline_seconds: 0 };
  return readFrom(running, { config, state: before === undefined ? [] : lastStates(before) });
}

function warnings({ messages }: ConnectorRun): readonly string[] {
  return messages.flatMap((message) =>
    message.type === "LOG" && message.log.level === "WARN" ? message.log.message : [],
  );
}

function startsOf({ records }: ConnectorRun): readonly number[] {
  return records.map(({ data }) => Number(data["timestamp"]));
}

describe("configuration: start_date that is moved", () => {
  it("forward while history is unread, and back: each time the log says what is not read, and what brings it", async () => {
    const running = await start({
      order: "arbitrary",
      faults: [
        { when: { matching: ({ start = 0 }) => start * 1000 > CUT }, what: { kind: "status", status: 503 } },
      ],
    });
    const cut = await read(running, EARLY);
    expect(cut.errors).toMatchObject([{ failure_type: "transient_error" }]);
    const reached = Number(lastStates(cut)[0]?.stream.stream_state["timestamp"]);
    expect(reached).toBeGreaterThan(GENERATED.from);
    expect(reached).toBeLessThan(Date.parse(LATE));
    running.handle.setFaults([]);

    const forward = await read(running, LATE, cut);
    const skipped = `${new Date(reached).toISOString().slice(0, 19)}Z to ${LATE}`;
    expect(warnings(forward)).toEqual([expect.stringContaining(`sessions of ${skipped} are not read`)]);
    expect(warnings(forward)[0]).toMatch(/start_date has moved.*Reset/);
    expect(Math.min(...startsOf(forward))).toBeGreaterThanOrEqual(Date.parse(LATE));
    expect(startsOf(forward)).toHaveLength([...running.handle.truth({ start: Date.parse(LATE) })].length);

    const back = await read(running, EARLY, forward);
    expect(warnings(back)).toEqual([expect.stringMatching(/start_date is earlier.*Reset/)]);
    expect(warnings(back)[0]).toContain(`sessions of ${EARLY} to ${LATE} are not read`);
    expect(back).toMatchObject({ records: [], code: 0 });

    const again = await read(running, EARLY);
    expect(new Set(startsOf(again)).size).toBe(
      new Set([...running.handle.truth()].map(({ row }) => Object(row).timestamp)).size,
    );
  });

  it("forward over what has been read: nothing is skipped, and nothing is said", async () => {
    const running = await start();
    const whole = await read(running, EARLY);
    const forward = await read(running, LATE, whole);
    expect(warnings(forward)).toEqual([]);
    expect(forward).toMatchObject({ records: [], code: 0 });
  });
});
