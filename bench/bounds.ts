import type { Measured, Runs } from "./measure.ts";
import type { ProgramName } from "./programs.ts";
import type { Run } from "./run.ts";

/** What a value is counted in. */
export type Unit = "×" | "MB" | "requests" | "fields";

/** Something the project has set itself a bound for. */
export interface Bound {
  readonly what: string;
  readonly unit: Unit;
  readonly bound: number;
  /** Above what the short form fails while the bound is not held: it must not get worse. */
  readonly gate?: number;
  /** What was measured; undefined where the peer was not. */
  readonly of: (measured: Measured) => number | undefined;
}

/** How far above a bound the short form fails: it runs on machines that are busy with other things too. */
const MARGIN = 1.25;

/** All bounds, in the order of the table. */
export const BOUNDS: readonly Bound[] = [
  {
    what: "wall clock of `read`, 40,000 sessions, 20 ms latency, against a bare fetch",
    unit: "×",
    bound: 1.08,
    of: ({ slow }) => ratio(slow, "source-browsee", "bare fetch", "wallMs"),
  },
  {
    what: "wall clock of `read`, 100,000 sessions, no latency, against the same",
    unit: "×",
    bound: 5,
    of: ({ fast }) => ratio(fast, "source-browsee", "bare fetch", "wallMs"),
  },
  {
    what: "CPU time of that, against faros-airbyte-cdk",
    unit: "×",
    bound: 0.8,
    of: ({ fast }) => ratio(fast, "source-browsee", "faros-airbyte-cdk", "cpuMs"),
  },
  {
    what: "CPU time of that, against airbyte-cdk low-code",
    unit: "×",
    bound: 1 / 3,
    of: ({ fast }) => ratio(fast, "source-browsee", "airbyte-cdk low-code", "cpuMs"),
  },
  {
    what: "resident memory of `read`, 100,000 sessions",
    unit: "MB",
    bound: 160,
    gate: 288,
    of: ({ fast }) => most(fast, "source-browsee", "peakMb"),
  },
  {
    what: "the same, 1,000,000 (short form: 200,000)",
    unit: "MB",
    bound: 160,
    gate: 288,
    of: ({ many }) => most(many, "source-browsee", "peakMb"),
  },
  {
    what: "`spec` from a cold start, against `node -e 0`",
    unit: "×",
    bound: 3,
    of: ({ starts }) => ratio(starts, "source-browsee spec", "node -e 0", "wallMs"),
  },
  {
    what: "the same, against `spec` of faros-airbyte-cdk",
    unit: "×",
    bound: 1 / 2,
    of: ({ starts }) => ratio(starts, "source-browsee spec", "faros-airbyte-cdk spec", "wallMs"),
  },
  {
    what: "the same, against `spec` of airbyte-cdk low-code",
    unit: "×",
    bound: 1 / 8,
    of: ({ starts }) => ratio(starts, "source-browsee spec", "airbyte-cdk low-code spec", "wallMs"),
  },
  {
    what: "`check` from a cold start, its request excluded, against `node -e 0`",
    unit: "×",
    bound: 5,
    gate: 11,
    of: ({ starts }) => ratio(starts, "source-browsee check", "node -e 0", "wallMs"),
  },
  {
    what: "requests for history at rest, 100,000 sessions (1.05 × sessions / 100, plus 60)",
    unit: "requests",
    bound: 1.05 * 1000 + 60,
    of: ({ fast }) => most(fast, "source-browsee", "requests"),
  },
  {
    what: "fields asked for, besides the selected columns and what the key is made of",
    unit: "fields",
    bound: 0,
    of: ({ fieldsTooMany }) => fieldsTooMany.length,
  },
  {
    what: "wall clock of `export` into DuckDB, 100,000 sessions, no latency, against `read`",
    unit: "×",
    bound: 3,
    of: ({ fast }) => ratio(fast, "source-browsee export", "source-browsee", "wallMs"),
  },
  {
    what: "resident memory of `export` into DuckDB, 1,000,000 sessions (short form: 200,000)",
    unit: "MB",
    bound: 512,
    of: ({ many }) => most(many, "source-browsee export", "peakMb"),
  },
];

/** Above what the short form fails: what depends on no machine has no margin. */
export function gate({ bound, unit, gate: given }: Bound): number {
  if (given !== undefined) return given;
  return unit === "×" || unit === "MB" ? bound * MARGIN : bound;
}

/** A value as tables have it. */
export function figure(value: number, unit: Unit): string {
  if (unit === "×") return `${value.toPrecision(3)} ×`;
  return unit === "MB" ? `${value.toFixed(0)} MB` : value.toLocaleString("en");
}

/** Two programs' best runs in relation: what else the machine was doing is in neither. */
function ratio<Name>(
  runs: ReadonlyMap<Name, readonly Run[]>,
  one: Name,
  other: Name,
  measure: "wallMs" | "cpuMs",
): number | undefined {
  const [above, below] = [one, other].map((name) => runs.get(name)?.map((run) => run[measure]));
  return above === undefined || below === undefined ? undefined : Math.min(...above) / Math.min(...below);
}

function most(runs: Runs, name: ProgramName, measure: "peakMb" | "requests"): number {
  return Math.max(...(runs.get(name) ?? []).map((run) => run[measure]));
}
