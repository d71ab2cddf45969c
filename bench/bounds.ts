/** What a value is counted in. */
export type Unit = "×" | "MB" | "fields";

/** Something the project has set itself a bound for. */
export interface Bound {
  readonly what: string;
  readonly unit: Unit;
  readonly bound: number;
  /**
   * Where the short form fails: what is measured, and a margin for a busy machine. The bound itself where nothing
   * depends on the machine; undefined for what the short form does not measure.
   */
  readonly gate: number | undefined;
}

/** All bounds, in the order of the table. */
export const BOUNDS = {
  wallSlow: {
    what: "wall clock, 40,000 sessions, 20 ms latency, against a bare fetch of the same pages",
    unit: "×",
    bound: 1.06,
    gate: 1.25,
  },
  wallFast: {
    what: "wall clock, 100,000 sessions, no latency, against the same",
    unit: "×",
    bound: 2,
    gate: 4,
  },
  cpu: { what: "CPU time, 100,000 sessions, no latency, against the same", unit: "×", bound: 3.5, gate: 9 },
  cpuFaros: { what: "the same, against faros-airbyte-cdk", unit: "×", bound: 1 / 3, gate: undefined },
  cpuLowCode: { what: "the same, against airbyte-cdk low-code", unit: "×", bound: 1 / 7, gate: undefined },
  memory: { what: "resident memory, 100,000 sessions", unit: "MB", bound: 110, gate: 130 },
  memoryMany: { what: "resident memory, many more sessions", unit: "MB", bound: 110, gate: 130 },
  exportWall: {
    what: "wall clock of an export into DuckDB, 100,000 sessions, no latency, against reading them to a pipe",
    unit: "×",
    bound: 2,
    gate: 3,
  },
  exportMemory: {
    what: "resident memory of an export into DuckDB, 100,000 sessions",
    unit: "MB",
    bound: 400,
    gate: 400,
  },
  exportMemoryMany: {
    what: "resident memory of an export into DuckDB, many more sessions",
    unit: "MB",
    bound: 400,
    gate: undefined,
  },
  spec: { what: "spec from a cold start, against node -e 0", unit: "×", bound: 1.5, gate: 2 },
  check: {
    what: "check from a cold start, its request excluded, against node -e 0",
    unit: "×",
    bound: 2.5,
    gate: 3.5,
  },
  requests: {
    what: "requests, 100,000 sessions at rest, slice finding excluded, against sessions / 100",
    unit: "×",
    bound: 1.03,
    gate: 1.03,
  },
  fields: {
    what: "fields asked for beyond the selected and those of the key",
    unit: "fields",
    bound: 0,
    gate: 0,
  },
} as const satisfies Readonly<Record<string, Bound>>;

/** A bound's name. */
export type BoundName = keyof typeof BOUNDS;

/** What was measured where there is a bound. */
export interface Finding {
  readonly name: BoundName;
  readonly measured: number;
  /** What it was computed from, and how far single values lie apart. */
  readonly remark: string;
}

/** A value as tables have it. */
export function figure(value: number, unit: Unit): string {
  switch (unit) {
    case "×":
      return `${value.toFixed(2)} ×`;
    case "MB":
      return `${value.toFixed(0)} MB`;
    case "fields":
      return String(value);
  }
}
