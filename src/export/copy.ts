import { access, constants, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { field } from "../json.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import { readTableStates, writeCopyState } from "./bookkeeping.ts";
import { fileFailure, targetError } from "./file-failure.ts";
import { dress } from "./open-store.ts";
import { quoteName, quoteText, type Store } from "./store.ts";
import { type Column, columnNames, columnsOf } from "./table.ts";
import { type FileInfo, type Form, fileAt } from "./target.ts";

/** A file that is made from a store. */
export interface CopyTarget {
  readonly store: Store;
  readonly definition: StreamDefinition;
  readonly form: Exclude<Form, "duckdb" | "pipe">;
  /** As messages name it. */
  readonly called: string;
  /** Resolved path. */
  readonly path: string;
  /** Folder beside it, in which it is made. */
  readonly workFolder: string;
  /** Permissions that a new file does not have. */
  readonly umask: number;
  /** Whether a CSV file has no text that a spreadsheet takes for a formula. */
  readonly escapeFormulas: boolean;
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  readonly full: boolean;
  readonly stop: AbortSignal;
  /** Unix ms. */
  readonly now: () => number;
}

/** Few enough rows that a group fits into little memory while it is written. */
const OPTIONS = {
  parquet: "FORMAT parquet, ROW_GROUP_SIZE 20000",
  csv: "FORMAT csv, HEADER true, NEW_LINE '\\r\\n'",
  ndjson: "FORMAT json",
} as const;

/**
 * Where a cell begins, or what another country's spreadsheet takes for its beginning, and then what a formula begins
 * with, as it is or wide, perhaps behind what is passed over. A tab or a line break may begin a cell of its own.
 */
const FORMULA = String.raw`(^|[;\t\r\n])(["\s\p{C}\p{Z}]*[-=+@\x{ff0b}\x{ff0d}\x{ff1d}\x{ff20}])|^([\t\r\n])`;

/**
 * Makes sure that a file may take the place of what stands there.
 * @returns what stands there; undefined for nothing
 * @throws ConnectorError target_unusable for a file that this program did not make, target_unwritable
 */
export async function checkCopyTarget(target: CopyTarget): Promise<FileInfo | undefined> {
  const { called, path } = target;
  try {
    const found = await fileAt(path, called);
    if (found === undefined) return undefined;
    if (found.size > 0) await checkIsOurs(target, found.size);
    await access(path, constants.W_OK);
    return found;
  } catch (error) {
    throw fileFailure(error, called);
  }
}

async function checkIsOurs({ store, definition, called, path, ...target }: CopyTarget, size: number) {
  for (const { stream, copies } of (await readTableStates(store)).values()) {
    const copy = copies[basename(path)];
    if (copy === undefined) continue;
    if (stream !== definition.name)
      throw targetError(
        "target_unusable",
        `${called} holds the stream ${stream}, not ${definition.name}. Choose another path.`,
      );
    if (copy.sizes.includes(size)) return;
    const sentence = `${called} was changed by another program since the last export: it has ${size} bytes instead of ${copy.sizes.join(" or ")}. It was left as it is; choose another path, or delete it to have it made anew.`;
    throw targetError("target_unusable", sentence);
  }
  if (!(await isOfOldVersion(path, definition.name, target.project))) {
    const sentence = `${called} exists, and nothing in ${store.path} says that this program made it. It was left as it is; choose another path, or delete it.`;
    throw targetError("target_unusable", sentence);
  }
  if (target.full) return;
  const sentence = `${called} was exported by version 0.1.0, whose progress (${called}.state.json) this version can't go on with. Run once with --full: it reads everything again, then replaces the file.`;
  throw targetError("target_unusable", sentence);
}

/** Whether version 0.1.0 has left its progress beside a file. */
async function isOfOldVersion(path: string, stream: string, project: string): Promise<boolean> {
  const side = `${path}.state.json`;
  if ((await fileAt(side)) === undefined) return false;
  try {
    const state: unknown = JSON.parse(await readFile(side, "utf8"));
    return field(state, "stream") === stream && field(state, "project") === project;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/**
 * Makes a file from a stream's table and puts it in the place of the old one, whose permissions and owner it takes;
 * nothing is done where the file has all of it already.
 * @param revision of the table
 * @throws ConnectorError, or Cancelled
 */
export async function makeCopy(target: CopyTarget, revision: number): Promise<void> {
  const { store, definition, form, path, workFolder, stop, now } = target;
  const stream = definition.name;
  const file = basename(path);
  const before = (await readTableStates(store)).get(stream)?.copies[file];
  const standing = await checkCopyTarget(target);
  const sizes = before?.sizes ?? [];
  const escaped = form === "csv" && target.escapeFormulas;
  const isSame = before?.revision === revision && before.escaped === escaped;
  if (isSame && standing !== undefined && sizes.includes(standing.size)) return;
  const aside = join(workFolder, `copy.${form}`);
  const columns = await copiedColumns(store, definition);
  const select = columns.map((column) => selected(column, form, escaped)).join(", ");
  const from = `SELECT ${select} FROM ${quoteName(stream)}`;
  const options = `${OPTIONS[form]}, USE_TMP_FILE false`;
  await store.runUntil(stop, `COPY (${from}) TO ${quoteText(aside)} (${options})`);
  try {
    const made = await stat(aside);
    await dress(aside, standing ?? { ...made, mode: 0o666 & ~target.umask });
    await syncToDisk(aside);
    // Whichever of the two stands there after a cut-off, it is known for ours.
    await writeCopyState(
      store,
      stream,
      file,
      {
        revision: before?.revision ?? 0,
        escaped: before?.escaped ?? false,
        sizes: [...sizes, standing?.size ?? 0, made.size],
      },
      now(),
    );
    await checkCopyTarget(target);
    await rename(aside, path);
    await syncToDisk(dirname(path));
    await writeCopyState(store, stream, file, { revision, escaped, sizes: [made.size] }, now());
    if (await isOfOldVersion(path, stream, target.project)) await rm(`${path}.state.json`);
  } catch (error) {
    throw fileFailure(error, target.called);
  }
}

/** Columns that the stream's table has, in the schema's order. */
async function copiedColumns(store: Store, definition: StreamDefinition): Promise<readonly Column[]> {
  const found = new Set(await columnNames(store, definition.name));
  return columnsOf(definition, []).filter(({ name }) => found.has(name));
}

/** A column as the form has it. @param escaped whether none of its texts may be taken for a formula */
function selected({ name, type }: Column, form: CopyTarget["form"], escaped: boolean): string {
  const column = quoteName(name);
  const value = understood(column, type, form);
  const isText = type === "VARCHAR" || type === "JSON" || type.endsWith("[]");
  if (!escaped || !isText) return `${value} AS ${column}`;
  return `regexp_replace(${value}, ${quoteText(FORMULA)}, '\\1''\\2\\3', 'g') AS ${column}`;
}

/** What a reader of the form understands without knowing DuckDB. */
function understood(column: string, type: string, form: CopyTarget["form"]): string {
  if (type === "TIMESTAMPTZ" && form !== "parquet")
    return `strftime(make_timestamp(epoch_us(${column})), '%Y-%m-%dT%H:%M:%S.%gZ')`;
  if (type === "JSON" && form !== "ndjson") return `CAST(${column} AS VARCHAR)`;
  if (type.endsWith("[]") && form === "csv") return `CAST(to_json(${column}) AS VARCHAR)`;
  return column;
}

/** Has a file, or the names in a folder, on disk, whatever befalls the machine. */
async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}
