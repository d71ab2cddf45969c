/** What a person sees at a terminal, through `script`, which makes one. */
import { expect, it } from "@jest/globals";
import { configFor } from "../connector.ts";
import { expectNoSecret } from "../faults/secrets.ts";
import { writeInputFiles } from "../input-files.ts";
import { runProgram } from "../program.ts";
import { terminal } from "../terminal.ts";
import { atWork, recent } from "./workplace.ts";

const ESCAPE = "\u001b";
const COLOR = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");
/** What moves the cursor, or begins a line. */
const MOVE = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]|${ESCAPE}\\[\\?[0-9]+[hl]|\\r|\\n`);
const SUMMARY =
  /^sessions: 3,000 new sessions, 3\d requests in [\d.]+ s 3,000 of 3,000 sessions accounted for\. The table sessions in a\.duckdb holds 3,000 sessions that started from \S+ to \S+\. Sessions a day /;

/** Exports at a terminal. @param env besides TERM @returns all that came, escapes and all */
async function exportAt(columns: number, env: object = {}, args: readonly string[] = []): Promise<string> {
  let raw = "";
  await atWork({ generated: recent(3000), latencyMs: 40 }, async ({ api, folder }) => {
    const given = await writeInputFiles(folder, { config: configFor(api) });
    const options = { cwd: folder, through: terminal(columns), env: { TERM: "xterm-256color", ...env } };
    const run = await runProgram(["export", ...given, "--to", "a.duckdb", ...args], options);
    expectNoSecret(run);
    expect(run.code).toBe(0);
    raw = [...run.lines, run.rest].join("\n");
  });
  return raw;
}

it.each([
  [120, {}],
  [80, { NO_COLOR: "1" }],
  [40, {}],
])("Within %d columns a bar moves, then come a summary and a chart, with %j", async (columns, env) => {
  const raw = await exportAt(columns, env);
  const plain = raw.replace(COLOR, "");
  expect(plain === raw).toBe("NO_COLOR" in env);
  // Each was written in one go.
  const pieces = plain.split(MOVE);
  expect(pieces.filter((piece) => [...piece].length > columns)).toEqual([]);
  const bars = pieces.filter((piece) => /^sessions +(█|░)* *\d+%, [\d,]+ of 3,0/.test(piece));
  expect(new Set(bars.map((bar) => / (\d+)%/.exec(bar)?.[1])).size).toBeGreaterThan(2);
  if (columns >= 80) expect(bars.some((bar) => /█░.* \d+ s left$/.test(bar))).toBe(true);
  const text = plain.replaceAll("\r", "").split("\n✔ ")[1] ?? "";
  expect(text.replace(/\s+/g, " ")).toMatch(SUMMARY);
  const chart = text.split("Sessions a day\n")[1]?.trimEnd().split("\n") ?? [];
  expect(chart).toHaveLength(14);
  for (const line of chart) expect(line).toMatch(/^ {2}20\d\d-\d\d-\d\d {2}█+ * {2,}\d+$/);
});

it.each([
  ["dumb", 80],
  ["xterm", 0],
])("A terminal %s of %d columns gets plain lines", async (TERM, columns) => {
  const raw = await exportAt(columns, { TERM });
  expect(raw).not.toContain(ESCAPE);
  expect(raw.replaceAll("\r", "")).toMatch(/^sessions: 3,000 new sessions, [^\n]*\n$/);
});

it("A terminal stays empty with --quiet", async () => expect(await exportAt(80, {}, ["--quiet"])).toBe(""));
