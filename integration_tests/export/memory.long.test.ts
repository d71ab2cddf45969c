/** An export takes little memory. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it, jest } from "@jest/globals";
import { atWork, recent } from "./workplace.ts";

const COUNT = 100_000;
const MOST_MB = 512;
const POLL_MS = 50;
const timeoutMs = 600_000;
jest.setTimeout(timeoutMs);

/** The most memory that a process has had resident so far, in MB (Linux). */
function peakOf(pid: number | undefined): number {
  const path = `/proc/${pid}/status`;
  const [, kb] = existsSync(path) ? (/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, "utf8")) ?? []) : [];
  return Number(kb ?? 0) / 1024;
}

it("100,000 sessions go into a DuckDB table in little memory", () =>
  atWork({ generated: recent(COUNT, 100), logLimit: 0 }, async ({ query, start }) => {
    const running = await start("a.duckdb", { args: ["--quiet"], options: { timeoutMs } });
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, peakOf(running.child.pid));
    }, POLL_MS);
    const { code, stderr } = await running.ended.finally(() => clearInterval(timer));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await query("a.duckdb", "SELECT count(*) AS n FROM sessions")).toEqual([{ n: COUNT }]);
    if (!existsSync("/proc/self/status")) return;
    expect(peak).toBeGreaterThan(50);
    expect(peak).toBeLessThan(MOST_MB);
  }));
