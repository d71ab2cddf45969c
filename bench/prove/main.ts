/** Tries what may lose sessions, on a model of the API, and writes what came of it to docs/no-session-lost.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceBetween } from "../report/document.ts";
import { type Kind, kinds } from "./kinds.ts";
import { plainWalk } from "./plain-walk.ts";
import { type Score, score } from "./score.ts";

const DOCUMENT = join(__dirname, "..", "..", "docs", "no-session-lost.md");
const BEGIN = "<!-- table: npm run prove -->";
const END = "<!-- end of table -->";

async function main(): Promise<void> {
  const cases = Number(process.argv[2] ?? 100);
  const rows: string[] = [];
  const sum = { lost: 0, invented: 0, repeated: 0 };
  for (const kind of kinds) {
    const result = await score(kind, cases);
    const plain = await plainWalk(kind, cases);
    rows.push(rowOf(kind, result, plain));
    process.stderr.write(`${rows.at(-1)}\n`);
    sum.lost += result.lost;
    sum.invented += result.invented;
    sum.repeated += result.repeated;
  }
  const head = [
    `| set (${cases} cases each) | sessions that stayed | lost | invented | sent twice | INCOMPLETE | requests | a plain page walk loses |`,
    "| :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
  ];
  const table = [...head, ...rows].join("\n");
  writeFileSync(DOCUMENT, replaceBetween(readFileSync(DOCUMENT, "utf8"), BEGIN, END, table));
  if (sum.lost + sum.invented + sum.repeated > 0) process.exitCode = 1;
}

function rowOf(kind: Kind, result: Score, plainLost: number): string {
  const { stayed, lost, invented, repeated, incomplete, requests, ideal } = result;
  const times = `${(requests / Math.max(1, ideal)).toFixed(2)} ×`;
  return `| ${[kind.name, stayed, lost, invented, repeated, incomplete, times, plainLost].join(" | ")} |`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
