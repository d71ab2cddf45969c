/**
 * Measures what the built program costs, beside a bare fetch and the peers, with this Node.js and with the image's line,
 * and writes docs/benchmarks.md.
 * `--short` leaves out the peers, the image's line and the document, and fails above the gates.
 * `--trial FILE` tries the whole with small sets, and writes into that file.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BOUNDS, gate } from "./bounds.ts";
import { type Mishap, measureLosses } from "./losses.ts";
import { FULL, type Measured, measure, type Plan, SHORT, TRIAL } from "./measure.ts";
import { imageNode, installPeers, ours, peers } from "./programs.ts";
import { replaceBetween } from "./report/document.ts";
import { environment } from "./report/environment.ts";
import { boundsTable, gatesTable, lossTable, programsTable, startsTable } from "./report/tables.ts";

const DOCUMENT = join(__dirname, "..", "docs", "benchmarks.md");
/** What stands between the document's marks, by their names. */
const SECTIONS: Readonly<Record<string, (all: readonly Measured[], mishaps: readonly Mishap[]) => string>> = {
  environment,
  bounds: boundsTable,
  fast: (all) => programsTable(all, "fast"),
  slow: (all) => programsTable(all, "slow"),
  many: (all) => programsTable(all, "many"),
  starts: startsTable,
  losses: (_, mishaps) => lossTable(mishaps),
};

function tell(what: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${what}\n`);
}

/** @returns whether everything is below its gate */
async function runShort(): Promise<boolean> {
  const measured = await measure(process.execPath, SHORT, [], tell);
  process.stdout.write(`${gatesTable(measured)}\n`);
  // NaN is above every gate.
  return BOUNDS.every((bound) => (bound.of(measured) ?? 0) <= gate(bound));
}

/** Puts a section between its marks. @throws Error if the document has no such marks */
function fill(document: string, section: string, content: string): string {
  return replaceBetween(document, `<!-- bench: ${section} -->`, `<!-- end of ${section} -->`, content);
}

/** @param file where the document goes */
async function runFull(plan: Plan, file: string): Promise<void> {
  let document = readFileSync(DOCUMENT, "utf8");
  // Marks that are missing are an error now, and not after a quarter of an hour.
  for (const section of Object.keys(SECTIONS)) fill(document, section, "");
  installPeers();
  const all: Measured[] = [];
  for (const node of [process.execPath, imageNode()]) all.push(await measure(node, plan, peers(node), tell));
  const mishaps = await measureLosses([ours(process.execPath), ...peers(process.execPath)], tell);
  for (const [section, content] of Object.entries(SECTIONS)) {
    document = fill(document, section, content(all, mishaps));
  }
  writeFileSync(file, document);
}

async function main(): Promise<void> {
  const options = { short: { type: "boolean" }, trial: { type: "string" } } as const;
  const { short, trial } = parseArgs({ options }).values;
  if (short !== true) await runFull(trial === undefined ? FULL : TRIAL, trial ?? DOCUMENT);
  else if (!(await runShort())) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
