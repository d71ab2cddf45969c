import { access, constants, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ConnectorError, configError } from "../errors.ts";
import { fileAt, NEW_FILE_MODE, setRights, syncToDisk } from "../files.ts";
import { readMadeFiles, writeMadeFile } from "./bookkeeping.ts";
import { aboutFile } from "./file-failure.ts";
import type { KeptStream } from "./find-table.ts";
import { quoteName, quoteText, type Store } from "./store.ts";
import { type Column, heldColumns } from "./table.ts";
import type { CopyFile, CopyForm } from "./target.ts";

/** A file that is made from a stream's table. */
export interface CopyTarget extends KeptStream, CopyFile {
  /** Resolved path. */
  readonly path: string;
  /** Whether a CSV file has no text that a spreadsheet takes for a formula. */
  readonly escapeFormulas: boolean;
}

const TIMES = "TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%gZ'";
const OPTIONS = {
  // Few enough rows that a group fits into little memory while it is written.
  parquet: "FORMAT parquet, ROW_GROUP_SIZE 20000",
  csv: `FORMAT csv, HEADER true, NEW_LINE '\\r\\n', ${TIMES}`,
  ndjson: `FORMAT json, ${TIMES}`,
} as const;

/**
 * Where a cell begins, or what another country's spreadsheet takes for its beginning, and then what a formula begins
 * with, as it is or wide, perhaps behind what is passed over. A tab or a line break may begin a cell of its own.
 */
const FORMULA = String.raw`(^|[;\t\r\n])(["\s\p{C}\p{Z}]*[-=+@\x{ff0b}\x{ff0d}\x{ff1d}\x{ff20}])|^([\t\r\n])`;

/**
 * Makes sure that a file may take the place of what stands there.
 * @param store undefined before the first export
 * @returns what stands there, and what is known of it: nothing where it is empty, or version 0.1.0 has made it
 * @throws ConnectorError target_unusable for a file that this program did not make, target_unwritable
 */
export async function checkCopyTarget(store: Store | undefined, target: CopyTarget) {
  const { called, path } = target;
  return aboutFile(called, async () => {
    const found = await fileAt(path);
    const known = found && found.size > 0 ? await knownFile(store, target, found.size) : undefined;
    if (found !== undefined) await access(path, constants.W_OK);
    return { found, known };
  });
}

async function knownFile(
  store: Store | undefined,
  { definition, called, path, project, full }: CopyTarget,
  size: number,
) {
  const all = store === undefined ? [] : await readMadeFiles(store);
  const made = all.filter(({ file }) => file === basename(path));
  const other = made.find(({ stream }) => stream !== definition.name);
  if (other !== undefined)
    throw refusal(`${called} holds the stream ${other.stream}, not ${definition.name}. Choose another path.`);
  const known = made.find(({ bytes }) => bytes === size);
  if (known !== undefined) return known;
  if (await isOfOldVersion(path, project)) {
    if (full) return undefined;
    throw refusal(
      `${called} was exported by version 0.1.0, whose progress (${called}.state.json) this version can't go on with. Run once with --full: it reads everything again, then replaces the file.`,
    );
  }
  throw refusal(
    made.length > 0
      ? `${called} was changed by another program since the last export. It was left as it is; choose another path, or delete it to have it made anew.`
      : `${called} exists, and nothing in ${store?.called ?? "a database"} says that this program made it. It was left as it is; choose another path, or delete it.`,
  );
}

function refusal(sentence: string): ConnectorError {
  return configError("target_unusable", sentence);
}

/** Whether version 0.1.0 has left its progress beside a file. */
async function isOfOldVersion(path: string, project: string): Promise<boolean> {
  const side = `${path}.state.json`;
  return (
    (await fileAt(side)) !== undefined && (await readFile(side, "utf8")).includes(`"project":"${project}"`)
  );
}

/**
 * Makes a file from a stream's table and puts it in the place of the old one, whose permissions and owner it takes;
 * nothing is done where the file has all of it already.
 * @throws ConnectorError, or Cancelled
 */
export async function makeCopy(store: Store, target: CopyTarget): Promise<void> {
  const { definition, form, called, path, escapeFormulas, stop } = target;
  const { known: before } = await checkCopyTarget(store, target);
  if (before?.isCurrent && before.escaped === escapeFormulas) return;
  const columns = await heldColumns(store, definition);
  const select = columns.map((column) => columnSql(column, form, escapeFormulas)).join(", ");
  const temporary = join(dirname(path), store.workName, `copy.${form}`);
  const sql = `COPY (SELECT ${select} FROM ${quoteName(definition.name)}) TO ${quoteText(temporary)} (${OPTIONS[form]})`;
  await store.run(sql, [], stop);
  // Once more: that took its time.
  const { found, known } = await checkCopyTarget(store, target);
  await aboutFile(called, async () => {
    const made = await stat(temporary);
    await setRights(temporary, found === undefined ? NEW_FILE_MODE : found.mode & 0o777, found ?? made);
    await syncToDisk(temporary);
    const record = {
      file: basename(path),
      stream: definition.name,
      bytes: made.size,
      escaped: escapeFormulas,
    };
    // Whichever of the two stands there after a cut-off, it is known for ours.
    await writeMadeFile(store, { ...record, isCurrent: false });
    await rename(temporary, path);
    await syncToDisk(dirname(path));
    await writeMadeFile(store, { ...record, isCurrent: true });
    // What is ours and not known was made by version 0.1.0, whose progress nobody needs any more.
    if (known === undefined && found !== undefined && found.size > 0) await rm(`${path}.state.json`);
  });
}

/**
 * A column as a reader of the form understands it without knowing DuckDB.
 * @param escaped whether none of its texts may be taken for a formula
 */
function columnSql({ name, type }: Column, form: CopyForm, escaped: boolean): string {
  const column = quoteName(name);
  const isList = type.endsWith("[]") && form === "csv";
  const isJson = type === "JSON" && form !== "ndjson";
  const json = isList ? `to_json(${column})` : column;
  const value = isList || isJson ? `CAST(${json} AS VARCHAR)` : column;
  if (!escaped || !(isList || isJson || type === "VARCHAR")) return `${value} AS ${column}`;
  return `regexp_replace(${value}, ${quoteText(FORMULA)}, '\\1''\\2\\3', 'g') AS ${column}`;
}
