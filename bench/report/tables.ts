import { BOUNDS, type Bound, type Finding, figure } from "../bounds.ts";
import type { Loss } from "../measure/losses.ts";
import type { ReadRun } from "../measure/reads.ts";
import type { SideBySide } from "../measure/side-by-side.ts";
import type { StartUp } from "../measure/start-up.ts";
import { median, sampleOf } from "../measure/statistics.ts";
import type { ProgramName } from "../programs/program.ts";
import type { Mishap, Reading } from "../results.ts";
import { markdownTable } from "./document.ts";
import { integer, seconds } from "./units.ts";

/** Bound and measured side by side. */
export function boundsTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ name, measured, remark }) => {
    const { what, unit, bound }: Bound = BOUNDS[name];
    return [what, figure(bound, unit), figure(measured, unit), measured <= bound ? "yes" : "**no**", remark];
  });
  return markdownTable(["", "bound", "measured", "held", "from"], rows);
}

/** Several programs on one set: medians, and least to most where there was more than one round. */
export function programsTable({ runs }: Reading): string {
  const rows = [...runs].map(([name, of]) => [
    name,
    range(of, (run) => run.wallMs, seconds),
    range(of, (run) => run.cpuMs, seconds),
    range(
      of,
      (run) => run.peakMb,
      (mb) => mb.toFixed(0),
    ),
    integer(median(of.map(({ seen }) => seen.requests.length))),
    integer(median(of.map(({ seen }) => seen.maxOpen))),
  ]);
  return markdownTable(["", "wall clock", "CPU time", "peak memory, MB", "requests", "open at a time"], rows);
}

function range(
  runs: readonly ReadRun[],
  measure: (run: ReadRun) => number,
  format: (value: number) => string,
): string {
  const values = runs.map(measure);
  const { median: middle, least, most } = sampleOf(values);
  return values.length === 1 ? format(middle) : `${format(middle)} (${format(least)} to ${format(most)})`;
}

/** Cold starts, ms. */
export function startUpTable({ node, spec, check, others }: StartUp): string {
  const row = (what: string, values: readonly number[]) => {
    const { median: middle, least, most } = sampleOf(values);
    return [what, ...[middle, least, most].map((ms) => ms.toFixed(0))];
  };
  return markdownTable(
    ["", "median, ms", "least", "most"],
    [
      row("`node -e 0`", node),
      row("source-browsee `spec`", spec),
      row("source-browsee `check`, its request excluded", check),
      ...[...others].map(([name, values]) => row(`${name} \`spec\``, values)),
    ],
  );
}

const MISHAPS: Readonly<Record<Mishap["what"], string>> = {
  moves: "50,000 sessions, one less every 7 requests",
  "empty-page": "a page without rows, `total` unchanged",
  "no-data": "a page without `exports.data`",
  "no-exports": "an answer without `exports`",
  "failure-200": "`status: failure` with HTTP status 200",
  "null-rows": "every second row `null`",
  "html-200": "a maintenance page in HTML, HTTP status 200",
  "cut-json": "JSON cut off in the middle",
};

/** What is lost where something goes wrong. */
export function lossTable(mishaps: readonly Mishap[]): string {
  const names: readonly ProgramName[] = mishaps[0]?.losses.map(({ program }) => program) ?? [];
  const rows = mishaps.map(({ what, losses }) => [MISHAPS[what], ...losses.map(outcome)]);
  return markdownTable(["", ...names], rows);
}

function outcome({ lost, success }: Loss): string {
  if (lost === 0) return success ? "0" : "0, failed";
  return success ? `**${integer(lost)}**, reported success` : `${integer(lost)}, failed`;
}

/** How cost grows, smallest set first, fastest API first. */
export function growthTable(readings: readonly Reading[]): string {
  const sorted = [...readings].sort(
    (a, b) => a.plan.latencyMs - b.plan.latencyMs || a.plan.sessions - b.plan.sessions,
  );
  const rows = sorted.map(({ plan, runs }) => {
    const middle = (name: ProgramName, measure: (run: ReadRun) => number) =>
      median((runs.get(name) ?? []).map(measure));
    return [
      `${integer(plan.sessions)}, ${plan.latencyMs} ms`,
      seconds(middle("bare fetch", (run) => run.wallMs)),
      seconds(middle("source-browsee", (run) => run.wallMs)),
      seconds(middle("source-browsee", (run) => run.cpuMs)),
      middle("source-browsee", (run) => run.peakMb).toFixed(0),
      seconds(middle("faros-airbyte-cdk", (run) => run.wallMs)),
      seconds(middle("airbyte-cdk low-code", (run) => run.wallMs)),
    ];
  });
  return markdownTable(
    [
      "sessions, latency",
      "bare fetch",
      "source-browsee",
      "its CPU time",
      "its memory, MB",
      "faros",
      "low-code",
    ],
    rows,
  );
}

/** Connections that share a machine. */
export function sideBySideTable(all: readonly SideBySide[]): string {
  const rows = all.map(({ connections, runs }) => [
    String(connections),
    seconds(Math.max(...runs.map(({ wallMs }) => wallMs))),
    seconds(median(runs.map(({ cpuMs }) => cpuMs))),
    Math.max(...runs.map(({ peakMb }) => peakMb)).toFixed(0),
  ]);
  return markdownTable(
    ["connections at a time", "the slowest one's wall clock", "CPU time of each", "most memory of one, MB"],
    rows,
  );
}
