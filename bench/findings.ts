import type { BoundName, Finding } from "./bounds.ts";
import type { ExportRuns } from "./measure/exports.ts";
import { type ReadRun, type ReadRuns, ratios, runsOf } from "./measure/reads.ts";
import { askedIn } from "./measure/requests.ts";
import type { StartUp } from "./measure/start-up.ts";
import { median, sampleOf } from "./measure/statistics.ts";
import type { ProgramName } from "./programs/program.ts";
import type { Cost } from "./run/run-measured.ts";

const PAGE = 100;
const US_AND_FLOOR: readonly [ProgramName, ProgramName] = ["source-browsee", "bare fetch"];

function spread(values: readonly number[], digits = 2): string {
  const { least, most } = sampleOf(values);
  const range = `${least.toFixed(digits)} to ${most.toFixed(digits)}`;
  return values.length === 1 ? "one run" : `round by round ${range}, ${values.length} rounds`;
}

/** The best runs of two programs in relation: what else the machine was doing is in neither. */
function bestRatio(
  runs: ReadRuns,
  [one, other]: readonly [ProgramName, ProgramName],
  measure: "wallMs" | "cpuMs",
): Pick<Finding, "measured" | "remark"> {
  return bestRatioOf(runsOf(runs, one), runsOf(runs, other), measure);
}

function bestRatioOf(
  above: readonly Cost[],
  below: readonly Cost[],
  measure: "wallMs" | "cpuMs",
): Pick<Finding, "measured" | "remark"> {
  const [best = Number.NaN, floor = Number.NaN] = [above, below].map(
    (costs) => sampleOf(costs.map((cost) => cost[measure])).least,
  );
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return {
    measured: best / floor,
    remark: `${seconds(best)} against ${seconds(floor)}; ${spread(ratios(above, below, measure))}`,
  };
}

/** How cold starts compare with a bare node's. */
export function startUpFindings({ node, spec, check }: StartUp): readonly Finding[] {
  const nodeMs = sampleOf(node).least;
  return [
    { name: "spec" as const, sample: sampleOf(spec) },
    { name: "check" as const, sample: sampleOf(check) },
  ].map(({ name, sample: { least } }) => ({
    name,
    measured: least / nodeMs,
    remark: `${least.toFixed(0)} ms against ${nodeMs.toFixed(0)} ms, best of ${node.length}`,
  }));
}

/** How long reading takes where the API is slow. */
export function slowFindings(runs: ReadRuns): readonly Finding[] {
  return [{ name: "wallSlow", ...bestRatio(runs, US_AND_FLOOR, "wallMs") }];
}

/** What reading costs where the API answers at once: 100,000 sessions. */
export function fastFindings(runs: ReadRuns): readonly Finding[] {
  const ours = runsOf(runs, "source-browsee");
  return [
    { name: "wallFast", ...bestRatio(runs, US_AND_FLOOR, "wallMs") },
    { name: "cpu", ...bestRatio(runs, US_AND_FLOOR, "cpuMs") },
    { name: "memory", ...peakOf(ours) },
    ...ours.slice(0, 1).map(requestFinding),
  ];
}

/** How CPU time compares with a peer's. */
export function peerFinding(
  name: "cpuFaros" | "cpuLowCode",
  runs: ReadRuns,
  peer: "faros-airbyte-cdk" | "airbyte-cdk low-code",
): Finding {
  return { name, ...bestRatio(runs, ["source-browsee", peer], "cpuMs") };
}

/** How memory grows with the number of sessions. */
export function memoryFinding(runs: ReadRuns): Finding {
  const ours = runsOf(runs, "source-browsee");
  return manyFinding("memoryMany", ours[0]?.records ?? 0, ours);
}

/** How an export's memory grows with the number of sessions. */
export function exportMemoryFinding({ sessions, exports }: ExportRuns): Finding {
  return manyFinding("exportMemoryMany", sessions, exports);
}

function manyFinding(name: BoundName, sessions: number, runs: readonly Cost[]): Finding {
  const { measured, remark } = peakOf(runs);
  return { name, measured, remark: `${sessions.toLocaleString("en")} sessions, ${remark}` };
}

function peakOf(runs: readonly Cost[]): Pick<Finding, "measured" | "remark"> {
  const peaks = runs.map(({ peakMb }) => peakMb);
  return { measured: median(peaks), remark: spread(peaks, 0) };
}

/** What an export costs beside a read of the same set. */
export function exportFindings({ exports, reads }: ExportRuns): readonly Finding[] {
  return [
    { name: "exportWall", ...bestRatioOf(exports, reads, "wallMs") },
    { name: "exportMemory", ...peakOf(exports) },
  ];
}

function requestFinding({ seen, records }: ReadRun): Finding {
  const { requests, finding } = askedIn(seen.requests);
  const least = Math.ceil(records / PAGE);
  return {
    name: "requests",
    measured: (requests - finding) / least,
    remark: `${requests} requests for ${least} pages, ${finding} of them to find slices`,
  };
}

/** @param tooMany the fields that were asked for without need */
export function fieldsFinding(tooMany: readonly string[]): Finding {
  return { name: "fields", measured: tooMany.length, remark: tooMany.join(", ") };
}
