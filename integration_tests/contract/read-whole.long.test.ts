/** Large histories at rest. */
import { describe, expect, it } from "@jest/globals";
import { createReadCheck } from "../check-read.ts";
import { catalogOf, configFor, readFrom } from "../connector.ts";
import { expectedRecord, withoutKey } from "../expected-record.ts";
import { startFakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { parseMessage } from "../parse-messages.ts";
import { runProgram } from "../program.ts";

const FROM = Date.UTC(2024, 0, 1);
const TO = Date.UTC(2024, 2, 1);

function identity({ timestamp, ip, landingPage }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([timestamp, ip, landingPage]);
}

describe("read: history at rest", () => {
  it.each([
    [9000, "ascending"],
    [9000, "descending"],
    [20_000, "descending"],
  ] as const)(
    "costs at most 1.05 requests for each 100 sessions and 60 more: %d, %s",
    async (count, order) => {
      const api = await startFakeApi({ generated: { count, from: FROM, to: TO }, order });
      expect((await readFrom(api)).records).toHaveLength(count);
      expect(api.stats.requests).toBeLessThanOrEqual(1.05 * Math.ceil(count / 100) + 60);
      await api.close();
    },
  );
});

describe("read: 100,000 sessions", () => {
  it.each(["ascending", "descending"] as const)(
    "come whole, field by field, one request at a time, in %s order",
    async (order) => {
      const running = await startFakeApi({ generated: { count: 100_000, from: FROM, to: TO }, order });
      const truth = new Map(
        [...running.handle.truth()].map(({ row }) => [identity(expectedRecord(row)), row] as const),
      );
      expect(truth.size).toBe(100_000);
      const keys = new Set<unknown>();
      const check = createReadCheck();
      const wrong: unknown[] = [];
      const onLine = (line: string) => {
        const message = parseMessage(line);
        check.see(message);
        if (message.type !== "RECORD") return;
        const { data } = message.record;
        const id = identity(data);
        const expected = expectedRecord(truth.get(id) ?? null);
        if (!isSame(withoutKey(data), expected)) wrong.push({ data, expected });
        keys.add(data["sessionKey"]);
        truth.delete(id);
      };
      const run = await inFolder(async (folder) => {
        const args = await writeInputFiles(folder, { config: configFor(running), catalog: catalogOf() });
        return runProgram(["read", ...args], { onLine });
      });
      check.end(run);
      expect(run).toMatchObject({ code: 0, rest: "" });
      expect(wrong).toEqual([]);
      expect([...truth.keys()]).toEqual([]);
      expect(keys.size).toBe(100_000);
      expect(running.stats).toMatchObject({ maxOpen: 1, refused: 0, rejected: 0 });
      expect(running.stats.requests).toBeLessThanOrEqual(1000 * 1.05 + 60);
      expect(running.stats.maxOffset).toBeLessThan(10_000);
      await running.close();
    },
  );
});

/** Whether two records have the same fields with the same values, whatever their order. */
function isSame(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(other);
  return (
    names.length === Object.keys(one).length &&
    names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]))
  );
}
