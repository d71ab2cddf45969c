import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./bounds.ts";
import {
  exportFindings,
  exportMemoryFinding,
  fastFindings,
  fieldsFinding,
  memoryFinding,
  peerFinding,
  slowFindings,
  startUpFindings,
} from "./findings.ts";
import { FULL, TRIAL } from "./plans.ts";
import type { OwnPrograms } from "./programs/own.ts";
import { installPeers } from "./programs/peers.ts";
import { costChart } from "./report/chart.ts";
import { replaceBetween } from "./report/document.ts";
import { environment } from "./report/environment.ts";
import { growthChart } from "./report/growth-chart.ts";
import { basisList, basisOf, busyTable, requestSentence, resources, scaleTable } from "./report/scale.ts";
import {
  boundsTable,
  growthTable,
  lossTable,
  programsTable,
  sideBySideTable,
  startUpTable,
} from "./report/tables.ts";
import { measureAll, type Reading, type Results } from "./results.ts";

const DOCS = join(__dirname, "..", "docs");

/**
 * Measures everything, the peers too, and writes docs/benchmarks.md and its charts.
 * @param own this repository's programs
 * @param trial a folder: small sets, and the document goes there; to try the bench itself
 */
export async function runFull(own: OwnPrograms, trial: string | undefined): Promise<void> {
  const peers = installPeers();
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  const results = await measureAll(own, peers, trial === undefined ? FULL : TRIAL, (what) =>
    process.stderr.write(`${elapsed().toFixed(0).padStart(5)} s  ${what}\n`),
  );
  const folder = trial ?? DOCS;
  mkdirSync(folder, { recursive: true });
  const { fast, slow, growth } = results;
  writeFileSync(join(folder, "benchmarks.svg"), await costChart(fast));
  writeFileSync(join(folder, "benchmarks-growth.svg"), await growthChart([fast, slow, ...growth]));
  const sections = { environment: environment(new Date(), elapsed()), ...sectionsOf(results) };
  let text = readFileSync(join(DOCS, "benchmarks.md"), "utf8");
  for (const [name, content] of Object.entries(sections)) {
    text = replaceBetween(text, `<!-- bench: ${name} -->`, `<!-- end of ${name} -->`, content);
  }
  writeFileSync(join(folder, "benchmarks.md"), text);
}

/** What is written into the document, by the names of its marks. */
function sectionsOf(results: Results): Readonly<Record<string, string>> {
  const { fast, slow, growth, startUp, mishaps, busySite, sideBySide } = results;
  const basis = basisOf(busySite, slow);
  return {
    bounds: boundsTable(findingsIn(results)),
    fast: programsTable(fast),
    slow: programsTable(slow),
    starts: startUpTable(startUp),
    losses: lossTable(mishaps),
    growth: growthTable([fast, slow, ...growth]),
    busy: busyTable(busySite),
    basis: basisList(basis),
    requests: requestSentence(basis),
    scale: scaleTable(basis),
    together: sideBySideTable(sideBySide),
    resources: resources(basis),
  };
}

function findingsIn(results: Results): readonly Finding[] {
  const { fast, slow, growth, exports, exportsMany, startUp, fieldsTooMany } = results;
  const largest = growth.reduce<Reading>(
    (most, reading) => (reading.plan.sessions > most.plan.sessions ? reading : most),
    fast,
  );
  return [
    ...slowFindings(slow.runs),
    ...fastFindings(fast.runs),
    peerFinding("cpuFaros", fast.runs, "faros-airbyte-cdk"),
    peerFinding("cpuLowCode", fast.runs, "airbyte-cdk low-code"),
    memoryFinding(largest.runs),
    ...exportFindings(exports),
    exportMemoryFinding(exportsMany),
    ...startUpFindings(startUp),
    fieldsFinding(fieldsTooMany),
  ];
}
