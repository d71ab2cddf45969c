import { BOUNDS, type Bound, type Finding, figure } from "./bounds.ts";
import {
  exportFindings,
  fastFindings,
  fieldsFinding,
  memoryFinding,
  slowFindings,
  startUpFindings,
} from "./findings.ts";
import { measureExports } from "./measure/exports.ts";
import { measureReads } from "./measure/reads.ts";
import { fieldsTooMany } from "./measure/selection.ts";
import { measureStartUp } from "./measure/start-up.ts";
import type { OwnPrograms } from "./programs/own.ts";

/**
 * Measures what has a bound, but for the peers, within two or three minutes, and prints bound and measured side by side.
 * @returns whether everything is below its gate
 */
export async function runShort(own: OwnPrograms): Promise<boolean> {
  const { bareFetch, ours, main } = own;
  const fast = await measureReads({ sessions: 100_000, latencyMs: 0, rounds: 5 }, ours, [bareFetch]);
  const many = await measureReads({ sessions: 400_000, latencyMs: 0, rounds: 1 }, ours, []);
  const slow = await measureReads({ sessions: 40_000, latencyMs: 20, rounds: 2 }, ours, [bareFetch]);
  const findings = [
    ...slowFindings(slow),
    ...fastFindings(fast),
    memoryFinding(many),
    ...exportFindings(await measureExports({ sessions: 100_000, rounds: 4 }, own)),
    ...startUpFindings(await measureStartUp(main, 25)),
    fieldsFinding(await fieldsTooMany(ours)),
  ];
  process.stdout.write(tableOf(findings));
  const failed = findings.filter(({ name, measured }) => !(measured <= gateOf(BOUNDS[name])));
  for (const { name } of failed) process.stdout.write(`Too much: ${BOUNDS[name].what}\n`);
  return failed.length === 0;
}

function gateOf({ gate }: Bound): number {
  return gate ?? Number.POSITIVE_INFINITY;
}

function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map(({ name, measured, remark }) => {
    const { what, unit, bound }: Bound = BOUNDS[name];
    const missed = measured <= bound ? " " : "!";
    const gate = gateOf(BOUNDS[name]);
    return [what, figure(bound, unit), `${figure(measured, unit)} ${missed}`, figure(gate, unit), remark];
  });
  const table = [["", "bound", "measured  ", "fails above", ""], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lineOf = ([what = "", ...cells]: readonly string[]) =>
    [what.padEnd(widths[0] ?? 0), ...cells.map((cell, at) => cell.padStart(widths[at + 1] ?? 0))].join("  ");
  return `${table.map(lineOf).join("\n")}\n\n! marks a bound that is missed.\n`;
}
