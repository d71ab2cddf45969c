import { existsSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { run } from "../../bench/run.ts";

const BURN = `
  const held = Buffer.alloc(200e6, 1);
  while (process.cpuUsage().user + process.cpuUsage().system < 300e3) held[0] += 1;
  process.stdout.write("é".repeat(100_000) + "\\nb\\n" + held.length);
  process.stderr.write("why");
  process.exitCode = 3;
`;

describe("a process that is measured", () => {
  it("is told by its own CPU time and peak memory, its lines, stderr and exit code", async () => {
    // The bench needs Linux; the tests do not.
    if (!existsSync("/proc/self/stat")) return;
    const lines: string[] = [];
    const { wallMs, cpuMs, peakMb, code, stderr } = await run(
      { argv: [process.execPath, "-e", BURN] },
      (line) => lines.push(line.toString()),
    );
    expect(cpuMs).toBeGreaterThan(280);
    expect(wallMs).toBeGreaterThan(200);
    expect(peakMb).toBeGreaterThan(200);
    expect(lines).toEqual(["é".repeat(100_000), "b"]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: "why" });
  });
});
