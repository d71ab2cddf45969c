/** Whoever watches a sync sees that it waits, and why. */
import { describe, expect, it } from "@jest/globals";
import type { Message } from "../message.ts";
import { expectWhole, readHastily, withApi } from "./fault-run.ts";

/** Statuses, waits in the log and records in the order in which they came. */
function courseOf(messages: readonly Message[]): readonly string[] {
  const course = messages.flatMap((message) => {
    if (message.type === "RECORD") return "records";
    if (message.type === "LOG")
      return message.log.message.includes("asking again") ? message.log.message : [];
    if (message.type !== "TRACE" || message.trace.stream_status === undefined) return [];
    const { status, reasons } = message.trace.stream_status;
    return reasons === undefined ? status : `${status} ${JSON.stringify(reasons)}`;
  });
  return course.filter((step, at) => step !== course[at - 1]);
}

const LIMITED = expect.stringMatching(
  /^RUNNING \[\{"type":"RATE_LIMITED","rate_limited":\{"quota_reset":\d+\}\}\]$/,
);

describe("a wait that the API asks for", () => {
  it.each([429, 503])(
    "with %d is a LOG line and a status, and RUNNING comes when it goes on",
    async (status) => {
      const faults = [
        { when: { requests: [12] }, what: { kind: "status", status, retryAfterS: 2 } as const },
      ];
      await withApi({ faults }, async (api) => {
        const before = Date.now();
        const run = await readHastily(api);
        expect(run.code).toBe(0);
        expectWhole(api, run.records);
        const course = courseOf(run.messages);
        const log = new RegExp(`HTTP status ${status}.*attempt 1 failed, asking again in 2\\.0 s`);
        expect(course.slice(0, 5)).toEqual([
          "STARTED",
          "RUNNING",
          "records",
          LIMITED,
          expect.stringMatching(log),
        ]);
        expect(course.slice(-3)).toEqual(["RUNNING", "records", "COMPLETE"]);
        const reset = Number(/"quota_reset":(\d+)/.exec(run.lines.join("\n"))?.[1]);
        expect(reset).toBeGreaterThanOrEqual(before + 2000);
        expect(reset).toBeLessThanOrEqual(Date.now());
      });
    },
  );
});
