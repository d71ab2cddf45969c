import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { createReadCheck } from "../check-read.ts";
import { catalogOf, configFor } from "../connector.ts";
import { expectedRecord, ROW_COLUMNS, withoutKey } from "../expected-record.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { parseMessage } from "../parse-messages.ts";
import { type Running, runProgram } from "../program.ts";

const COUNT = 1_000_000;
/** All that is resident: 45 MB are node's own file, and V8 lets four times the live heap pile up before it collects. */
const MOST_MEMORY_KB = 288 * 1024;
/** Garbage that V8 may put off collecting; the live heap is some 28 MB, with 100,000 sessions remembered. */
const MOST_GROWTH_KB = 16 * 1024;
/** A slow machine with others on it may take its time; nothing here is measured by the clock. */
const PATIENCE_MS = 30 * 60_000;

const start = apiStarter();

/** A sum over rows that comes out the same in any order, and differs if any field of any row does. */
function createChecksum() {
  let sum = 0n;
  return {
    add(record: Readonly<Record<string, unknown>>) {
      const text = JSON.stringify([Object.keys(record).length, ...ROW_COLUMNS.map((name) => record[name])]);
      sum = BigInt.asUintN(64, sum + hash("sha1", text, "buffer").readBigUInt64LE());
    },
    get: () => sum,
  };
}

/** A process's memory in kB: resident now, and at most so far (Linux). */
interface Memory {
  readonly now: number;
  readonly peak: number;
}

function memoryOf({ child }: Running): Memory {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
  return { now: field("VmRSS"), peak: field("VmHWM") };
}

/** @param samples one at each STATE; none where memory can't be known */
function expectFlat(samples: readonly Memory[]): void {
  const quarter = Math.floor(samples.length / 4);
  const median = (part: readonly Memory[]) =>
    part.map(({ now }) => now).sort((one, other) => one - other)[Math.floor(part.length / 2)] ?? 0;
  const early = median(samples.slice(quarter, 2 * quarter));
  const late = median(samples.slice(3 * quarter));
  expect(late - early).toBeLessThan(MOST_GROWTH_KB);
  expect(samples.at(-1)?.peak ?? 0).toBeLessThan(MOST_MEMORY_KB);
}

function countDistinct(values: BigUint64Array): number {
  values.sort();
  return values.reduce((count, value, at) => (at === 0 || value !== values[at - 1] ? count + 1 : count), 0);
}

describe("read: 1,000,000 sessions", () => {
  it(
    "come whole, each once, in flat memory",
    async () => {
      const generated = { count: COUNT, from: Date.UTC(2022, 0, 1), to: Date.UTC(2024, 0, 1) };
      const running = await start({ generated, logLimit: 0 });
      const check = createReadCheck();
      const received = createChecksum();
      const keys = new BigUint64Array(COUNT);
      let records = 0;
      const memory: Memory[] = [];
      const onLine = (line: string, program: Running) => {
        const message = parseMessage(line);
        check.see(message);
        if (message.type === "STATE" && existsSync("/proc/self/status")) memory.push(memoryOf(program));
        if (message.type !== "RECORD") return;
        const { data } = message.record;
        received.add(withoutKey(data));
        keys[records] = BigInt(`0x${String(data["sessionKey"]).slice(0, 16)}`);
        records += 1;
      };
      const run = await inFolder(async (folder) => {
        const args = await writeInputFiles(folder, { config: configFor(running), catalog: catalogOf() });
        return runProgram(["read", ...args], { onLine, timeoutMs: PATIENCE_MS });
      });
      check.end(run);
      expect(run).toMatchObject({ code: 0, rest: "" });
      expect(records).toBe(COUNT);
      expect(countDistinct(keys)).toBe(COUNT);
      const truth = createChecksum();
      for (const { row } of running.handle.truth()) truth.add(expectedRecord(row));
      expect(received.get()).toBe(truth.get());
      expect(running.stats).toMatchObject({ maxOpen: 1, refused: 0, rejected: 0 });
      expectFlat(memory);
    },
    PATIENCE_MS,
  );
});
