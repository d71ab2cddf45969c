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
  /** Each STATE message's state with the records before it, in their order. */
  readonly checkpoints: readonly Checkpoint[];
  readonly code: number | null;
  /** The last error's message. */
  readonly error: string | undefined;
  /** Records between one STATE and the next, at the most. */
  readonly widest: number;
}

/** A state that the platform has kept. */
export interface Checkpoint {
  readonly state: unknown;
  /** Records of its run before it. */
  readonly records: number;
}

/** What is read. */
export interface Reading {
  readonly api: FakeApi;
  readonly stream: string;
  readonly config: object;
  readonly kill: KillSwitch;
}

interface Line {
  readonly type?: unknown;
  readonly record?: { readonly data: Readonly<Record<string, unknown>> };
  readonly state?: unknown;
  readonly trace?: { readonly error?: { readonly message: string } };
}

function isLine(value: unknown): value is Line {
  return typeof value === "object" && value !== null && "type" in value;
}

/** Runs `read` on one stream, and keeps what a destination would have kept when the process dies. */
export function runKilled({ api, stream, config, kill }: Reading, state: unknown): Promise<Kept> {
  return inFolder(async (folder) => {
    const files = {
      config: configFor(api, config),
      catalog: catalogOf({ [stream]: {} }),
      state: state === undefined ? [] : [state],
    };
    const running = startProgram(["read", ...(await writeInputFiles(folder, files))]);
    kill.fire = () => running.child.kill("SIGKILL");
    const run = await running.ended;
    return keptOf(run.lines, run.code);
  });
}

function keptOf(lines: readonly string[], code: number | null): Kept {
  const records: Readonly<Record<string, unknown>>[] = [];
  const checkpoints: Checkpoint[] = [];
  let widest = 0;
  let error: string | undefined;
  for (const text of lines) {
    const line: unknown = JSON.parse(text);
    if (!isLine(line)) continue;
    error = line.trace?.error?.message ?? error;
    if (line.type === "RECORD" && line.record !== undefined) records.push(line.record.data);
    if (line.type !== "STATE") continue;
    widest = Math.max(widest, records.length - (checkpoints.at(-1)?.records ?? 0));
    checkpoints.push({ state: line.state, records: records.length });
  }
  const safe = code === null ? (checkpoints.at(-1)?.records ?? 0) : records.length;
  return { records: records.slice(0, safe), checkpoints, code, error, widest };
}
