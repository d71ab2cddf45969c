import { openStream, type ReadStream, type StreamParts } from "../streams/read-stream.ts";
import { partitionName, partitionsOf } from "../streams/stream.ts";
import { skippedWarning, startWarning } from "../streams/warnings.ts";
import type { Receipt } from "../sync/page.ts";
import { endOf } from "../sync/window.ts";
import { createProgress } from "../terminal/progress.ts";
import type { Reporter } from "../terminal/reporter.ts";
import type { TableWriter } from "./table-writer.ts";

/** A commit is due after so many rows, or characters of them, or ms. More would need more memory, fewer more time. */
const ROWS_A_COMMIT = 5_000;
const CHARACTERS_A_COMMIT = 8_000_000;
const MS_A_COMMIT = 10_000;

/** What reading a stream takes. */
export interface ReadParts extends Omit<StreamParts, "state" | "incremental"> {
  readonly reporter: Reporter;
  /** Writes lines to stdout. */
  readonly print: (lines: readonly string[]) => Promise<void>;
  /** Is added to, also where reading fails. */
  readonly receipt: Receipt;
}

/**
 * Reads a stream into a table, or a pipe. Whatever was read and is covered by a state is saved, also where reading failed.
 * @param table undefined for a pipe
 * @throws ConnectorError, or Cancelled
 */
export async function readInto(table: TableWriter | undefined, parts: ReadParts): Promise<void> {
  const { definition, config, reporter, receipt, print, monotonicNow } = parts;
  const { note, follow } = reporter;
  table?.notes.forEach(note);
  const { name: stream, noun } = definition;
  const partitions = partitionsOf(definition, config).length;
  const progress = createProgress(stream, noun.many, partitions, monotonicNow);
  follow(progress);
  const words = { startDate: "The start date", again: "Run with --full", many: noun.many };
  const read = openStream({ ...parts, state: table?.before?.state, incremental: table !== undefined });
  const commits = table && createCommits(table, monotonicNow);
  let partition = "";
  const output: Parameters<ReadStream>[0] = {
    receipt,
    async records(batch) {
      for (const { key, json } of batch) commits?.add(`${partition} ${key}`, json);
      if (commits === undefined) await print(batch.map(({ json }) => json));
    },
    checkpoint: async (state) => commits?.checkpoint(state),
    begin(start) {
      partition = partitionName(start.partition);
      progress.begin(endOf(start.bounds));
      const warning = startWarning(start, words);
      if (warning !== undefined) note(`${warning}.`);
      return (event) => {
        if (event.kind === "skipped") note(`${skippedWarning(event, words)}.`);
        if (event.kind === "warning") note(event.text);
        progress.report(event);
      };
    },
  };
  await read(output).catch(async (error: unknown) => {
    await commits?.save(false);
    throw error;
  });
  await commits?.save(true);
}

/** Sessions and states on their way into a table. */
function createCommits(table: TableWriter, monotonicNow: () => number) {
  let pending = new Map<string, string>();
  /** That covers them or a part of them. */
  let latest: object | undefined;
  let characters = 0;
  let since = monotonicNow();
  /** One after another; after one that fails there is none, so that no state goes before its rows. */
  let commits: Promise<void> = Promise.resolve();

  /** Saves what is left. @param isWhole whether the stream was read to its end */
  async function save(isWhole: boolean): Promise<void> {
    // A first run that brought nothing and did not reach its end makes no table: the keys may be wrong.
    if (latest === undefined || !(isWhole || pending.size > 0 || table.before?.state !== undefined)) return;
    const [lines, state] = [[...pending.values()], latest];
    pending = new Map();
    latest = undefined;
    characters = 0;
    since = monotonicNow();
    commits = commits.then(() => table.commit(lines, state));
    await commits;
  }

  return {
    save,
    /** Takes the last word on a key. */
    add(key: string, json: string): void {
      pending.set(key, json);
      characters += json.length;
    },
    /** Takes a state that covers all that was added. */
    async checkpoint(state: object): Promise<void> {
      latest = state;
      const isDue =
        pending.size >= ROWS_A_COMMIT ||
        characters >= CHARACTERS_A_COMMIT ||
        monotonicNow() - since >= MS_A_COMMIT;
      if (isDue) await save(false);
    },
  };
}
