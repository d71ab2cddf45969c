/** What a person sees at a terminal, through `script`, which makes one. */
import { describe, expect, it } from "@jest/globals";
import { configFor } from "../connector.ts";
import { startFakeApi } from "../fake-api/server.ts";
import { expectNoSecret } from "../faults/secrets.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { runProgram } from "../program.ts";
import { terminal } from "../terminal.ts";
import { recent } from "./workplace.ts";

const COUNT = 3000;
const ESCAPE = "\u001b";
const COLOR = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");
/** What moves the cursor, or begins a line. */
const MOVE = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]|${ESCAPE}\\[\\?[0-9]+[hl]|\\r|\\n`);

interface Screen {
  /** All that came, escapes and all. */
  readonly raw: string;
  /** Pieces of lines, each written in one go, without colors. */
  readonly pieces: readonly string[];
  readonly code: number | null;
}

/** Exports at a terminal. @param env besides TERM */
async function exportAt(
  columns: number,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Screen> {
  const api = await startFakeApi({ generated: recent(COUNT, 20), latencyMs: 40 });
  try {
    return await inFolder(async (folder) => {
      const given = await writeInputFiles(folder, { config: configFor(api) });
      const options = { cwd: folder, through: terminal(columns), env: { TERM: "xterm-256color", ...env } };
      const run = await runProgram(["export", ...given, "--to", "a.duckdb", ...args], options);
      expectNoSecret(run);
      const raw = [...run.lines, run.rest].join("\n");
      return { raw, pieces: raw.replace(COLOR, "").split(MOVE), code: run.code };
    });
  } finally {
    await api.close();
  }
}

describe.each([120, 80, 40])("a terminal of %d columns", (columns) => {
  it("has a bar that moves and then a summary with a chart, all of it within the width", async () => {
    const { raw, pieces, code } = await exportAt(columns);
    expect(code).toBe(0);
    expect(pieces.filter((piece) => [...piece].length > columns)).toEqual([]);
    const bars = pieces.filter((piece) => /^sessions +(█|░)* *\d+%, [\d,]+ of 3,0/.test(piece));
    expect(new Set(bars.map((bar) => / (\d+)%/.exec(bar)?.[1])).size).toBeGreaterThan(2);
    if (columns >= 80) {
      expect(bars.some((bar) => /█░.* \d+ s left$/.test(bar))).toBe(true);
    }
    const text = raw.replace(COLOR, "").replaceAll("\r", "").split("\n✔ ")[1] ?? "";
    const flat = text.replace(/\s+/g, " ");
    expect(flat).toMatch(
      /^sessions: 3,000 new sessions, 3\d requests in [\d.]+ s 3,000 of 3,000 sessions accounted for\. The table sessions in a\.duckdb holds 3,000 sessions that started from \S+ to \S+\. Sessions a day /,
    );
    const chart = text.split("Sessions a day\n")[1]?.trimEnd().split("\n") ?? [];
    expect(chart).toHaveLength(14);
    for (const line of chart) expect(line).toMatch(/^ {2}20\d\d-\d\d-\d\d {2}█+ * {2,}\d+$/);
    expect(raw).toMatch(COLOR);
  });
});

describe("a terminal", () => {
  it("stays without colors where NO_COLOR is set", async () => {
    const { raw, pieces, code } = await exportAt(80, { NO_COLOR: "1" });
    expect(code).toBe(0);
    expect(raw).not.toMatch(COLOR);
    expect(pieces.some((piece) => /█░/.test(piece))).toBe(true);
    expect(raw).toContain("Sessions a day");
  });

  it.each([
    ["dumb", 80],
    ["xterm", 0],
  ])("%s of %d columns gets plain lines", async (TERM, columns) => {
    const { raw, code } = await exportAt(columns, { TERM });
    expect(code).toBe(0);
    expect(raw).not.toContain(ESCAPE);
    expect(raw.replaceAll("\r", "")).toMatch(/^sessions: 3,000 new sessions, [^\n]*\n$/);
  });

  it("stays empty with --quiet", async () => {
    expect(await exportAt(80, {}, ["--quiet"])).toMatchObject({ raw: "", code: 0 });
  });
});
