/** Tries what may lose sessions, on a model of the API, and writes what came of it to docs/no-session-lost.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unusual } from "../../unit_tests/model/case.ts";
import type { Problem } from "../../unit_tests/model/judge.ts";
import { kinds, orders } from "../../unit_tests/model/kinds.ts";
import { engine } from "../../unit_tests/model/run.ts";
import { markdownTable, replaceBetween } from "../report/document.ts";
import { costTable } from "./costs.ts";
import { pageByPage } from "./page-by-page.ts";
import { type Score, tryCases } from "./score.ts";

const DOCUMENT = join(__dirname, "..", "..", "docs", "no-session-lost.md");
const LOSSES = "<!-- table of losses: npm run prove -->";
const COSTS = "<!-- table of costs: npm run prove -->";
const END = "<!-- end of table -->";
/** Seeds of their own, apart from those of searches and tests. */
const SEED = 500;

async function main(): Promise<void> {
  const cases = Number(process.argv[2] ?? 104);
  const document = readFileSync(DOCUMENT, "utf8");
  const losses = replaceBetween(document, LOSSES, END, await lossTable(cases));
  writeFileSync(DOCUMENT, replaceBetween(losses, COSTS, END, await costTable()));
}

async function lossTable(cases: number): Promise<string> {
  const rows: string[][] = [];
  for (const [name, kind] of Object.entries(kinds)) {
    const trial = { seed: SEED, cases, ignored: [] };
    const score = await tryCases(kind, orders, { ...trial, reader: engine });
    const plain = await tryCases(kind, orders, { ...trial, reader: pageByPage });
    const row = rowOf(name, score, plain);
    rows.push(row);
    process.stderr.write(`${row.join(" | ")}\n`);
    if (score.failing === undefined) continue;
    process.stderr.write(
      `  ${JSON.stringify(unusual(score.failing))} ${JSON.stringify([...score.problems])}\n`,
    );
    process.exitCode = 1;
  }
  const columns = ["sessions", "lost", "invented", "second key", "sent again", "INCOMPLETE", "requests"];
  return markdownTable([`kind (${cases} cases each)`, ...columns, "reading page by page loses"], rows);
}

function rowOf(name: string, score: Score, plain: Score): string[] {
  const count = (...names: readonly Problem[]) =>
    String(names.reduce((sum, each) => sum + (score.problems.get(each) ?? 0), 0));
  return [
    name,
    String(score.sessions),
    count("lost", "early", "passed"),
    count("invented"),
    count("second key"),
    count("repeated", "sent again"),
    String(score.cases - (score.ends.get("ok") ?? 0)),
    `${(score.requests / score.ideal).toFixed(2)} ×`,
    String(plain.problems.get("lost") ?? 0),
  ];
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
