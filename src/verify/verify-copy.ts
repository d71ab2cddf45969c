import { dirname, join } from "node:path";
import type { Client } from "../browsee/client.ts";
import { Cancelled, type ConnectorError, configError, toConnectorError } from "../errors.ts";
import { projectMark, readMadeFiles, readTableStates } from "../export/bookkeeping.ts";
import { type CopyTarget, checkCopyTarget, makeCopy } from "../export/copy.ts";
import { fileFailure } from "../export/file-failure.ts";
import { openTarget } from "../export/open-target.ts";
import type { Store } from "../export/store.ts";
import { formOf, type Target } from "../export/target.ts";
import { fileAt, resolvePath } from "../files.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import type { StreamVerdict } from "../terminal/verdict.ts";
import { type VerifyStreamParts, verifyStream } from "./verify-stream.ts";

/** What verifying a copy takes. */
interface VerifyParts extends Omit<VerifyStreamParts, "store" | "state" | "definition" | "client"> {
  readonly target: Target;
  /** All streams that there are. */
  readonly definitions: readonly StreamDefinition[];
  /** Does some work with the one client of the process. */
  readonly withClient: <T>(work: (client: Client) => Promise<T>) => Promise<T>;
}

/**
 * Holds a store against the API, and mends it and the files made from it if that is wanted.
 * @returns verdicts on the streams that could be compared, and why one could not, and those after it were not
 * @throws ConnectorError target_unusable where no store is there, or another project's; Cancelled
 */
export async function verifyCopy(parts: VerifyParts) {
  const { target, definitions, config, withClient } = parts;
  const { store } = await openTarget({ ...target, copies: new Map() }, false);
  if (store === undefined) {
    const sentence = `There is no store ${target.store}: nothing was exported there. Name a file that export has made.`;
    throw configError("target_unusable", sentence);
  }
  try {
    const states = await readTableStates(store, projectMark(config));
    const held = definitions.flatMap((definition) => {
      const state = states.get(definition.name);
      return state === undefined ? [] : [{ definition, state }];
    });
    if (held.length === 0) {
      const sentence = `${store.called} has no sessions that this program has exported. Name a file that export has made.`;
      throw configError("target_unusable", sentence);
    }
    return await withClient(async (client) => {
      const verdicts: StreamVerdict[] = [];
      let failure: ConnectorError | undefined;
      try {
        for (const { definition, state } of held) {
          const copies = await copiesOf(parts, store, definition);
          const verdict = await verifyStream({ ...parts, store, definition, state, client });
          verdicts.push(verdict);
          const isMended = verdict.mended.missing + verdict.mended.gone > 0;
          for (const copy of copies) if (isMended || !(await fileAt(copy.path))) await makeCopy(store, copy);
        }
      } catch (error) {
        if (error instanceof Cancelled) throw error;
        failure = toConnectorError(fileFailure(error, target.to));
      }
      return { verdicts, failure };
    });
  } finally {
    await store.close();
  }
}

/**
 * The files that were made from a stream's table: those that are there, and the one that is to be verified. None where
 * nothing is to be mended.
 * @throws ConnectorError target_unusable for one that may not be made anew: it is told before anything is changed
 */
async function copiesOf(
  { config, target, repair, prune, stop }: VerifyParts,
  store: Store,
  definition: StreamDefinition,
): Promise<readonly CopyTarget[]> {
  if (!repair && !prune) return [];
  const kept = { definition, project: projectMark(config), full: false, stop };
  const named = [target.to, target.copies.get(definition.name)?.called ?? target.to];
  const wanted = await Promise.all(named.map(resolvePath));
  const escaped = new Map<string, boolean>();
  for (const made of await readMadeFiles(store))
    if (made.stream === definition.name) escaped.set(made.file, made.escaped);
  const copies: CopyTarget[] = [];
  for (const [file, escapeFormulas] of escaped) {
    const form = formOf(file);
    const path = join(dirname(store.path), file);
    const found = await fileAt(path);
    if (form === undefined || form === "duckdb" || !(found || wanted.includes(path))) continue;
    const copy = { ...kept, form, called: path, path, escapeFormulas };
    await checkCopyTarget(store, copy);
    copies.push(copy);
  }
  return copies;
}
