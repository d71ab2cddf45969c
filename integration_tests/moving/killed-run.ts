import { catalogOf, configFor } from "../connector.ts";
import type { FakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { startProgram } from "../program.ts";

/** A request number at which the running program is killed; the stand-in's `onRequest` looks here. */
export interface KillSwitch {
  /** Counted from the start of the stand-in; undefined for never. */
  at: number | undefined;
  fire: () => void;
}

/** What a destination has kept of a run. */
export interface Kept {
  /** RECORD data before the last STATE, or all of it where the run ended by itself. */
  readonly records: readonly Readonly<Record<string, unknown>>[];
  /** The last STATE message's state, or the one given. */
  readonly state: unknown;
  readonly code: number | null;
  /** Records between one STATE and the next, at the most. */
  readonly widest: number;
}

interface Line {
  readonly type?: unknown;
  readonly record?: { readonly data: Readonly<Record<string, unknown>> };
  readonly state?: unknown;
}

function isLine(value: unknown): value is Line {
  return typeof value === "object" && value !== null && "type" in value;
}

/** Runs `read` on sessions, and keeps what a destination would have kept when the process dies. */
export function runKilled(api: FakeApi, kill: KillSwitch, state: unknown, config: object): Promise<Kept> {
  return inFolder(async (folder) => {
    const files = {
      config: configFor(api, config),
      catalog: catalogOf(),
      state: state === undefined ? [] : [state],
    };
    const running = startProgram(["read", ...(await writeInputFiles(folder, files))]);
    kill.fire = () => running.child.kill("SIGKILL");
    const run = await running.ended;
    return keptOf(run.lines, state, run.code);
  });
}

function keptOf(lines: readonly string[], before: unknown, code: number | null): Kept {
  const records: Readonly<Record<string, unknown>>[] = [];
  let state = before;
  let safe = 0;
  let widest = 0;
  for (const text of lines) {
    const line: unknown = JSON.parse(text);
    if (!isLine(line)) continue;
    if (line.type === "RECORD" && line.record !== undefined) records.push(line.record.data);
    if (line.type !== "STATE") continue;
    widest = Math.max(widest, records.length - safe);
    safe = records.length;
    state = line.state;
  }
  return { records: code === null ? records.slice(0, safe) : records, state, code, widest };
}
