import type { Client } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { ConnectorError } from "../errors.ts";
import { createRowConverter } from "../records/row-converter.ts";
import { createKeyMaker } from "../records/session-key.ts";
import type { FetchPage, KeyedRow } from "../sync/page.ts";
import type { PartitionParts } from "../sync/read-partition.ts";
import { madeColumnsOf, type Partition, partitionName, type StreamDefinition } from "./stream.ts";

/** What asking for the rows of a stream takes. */
export interface StreamAccess {
  readonly definition: StreamDefinition;
  readonly config: Config;
  readonly client: Client;
  /** Picked columns; none picks all. */
  readonly columns: readonly string[];
  readonly stop: AbortSignal;
}

/**
 * The columns of a stream's records.
 * @param configured the columns in the configured stream's json_schema; none picks all
 * @returns those that are picked, with those that are always there, and the API parameter options.select for them:
 * undefined where all fields are needed
 */
export function pickColumns(definition: StreamDefinition, configured: readonly string[]) {
  const { schema, primaryKey, cursorField, keyFields, madeColumns } = definition;
  const all = Object.keys(schema.properties);
  const wanted = new Set([...configured, ...primaryKey, cursorField]);
  const picked = new Set(configured.length === 0 ? all : all.filter((name) => wanted.has(name)));
  // What the API does not document can't be asked for by name.
  if (picked.has(madeColumns.rest)) return { picked, select: undefined };
  const made = madeColumnsOf(definition);
  const sent = all.filter((name) => !made.has(name));
  const select = new Set([...keyFields, ...sent.filter((name) => picked.has(name))]);
  return { picked, select: sent.every((name) => select.has(name)) ? undefined : [...select] };
}

/** Does some work with a partition's pages and records. @throws whatever the work throws, made to name the partition */
export async function withPartition<T>(
  { definition, config, client, columns, stop }: StreamAccess,
  partition: Partition,
  work: (opened: Pick<PartitionParts, "fetch" | "record" | "acceptCountMismatch">) => Promise<T>,
): Promise<T> {
  const { picked, select } = pickColumns(definition, columns);
  const keys = createKeyMaker(config);
  const { startOf, convert, record } = createRowConverter({
    ...definition,
    picked,
    keys,
    constants: partition,
  });
  const what = { path: definition.path, parameters: partition, select };
  const fetch: FetchPage = async (query) => {
    const { rows, total } = await client.page(what, query, stop);
    let converted: readonly KeyedRow[] | undefined;
    return {
      starts: rows.map(startOf),
      total,
      rows() {
        converted ??= rows.map(convert);
        return converted;
      },
    };
  };
  try {
    return await work({ fetch, record, acceptCountMismatch: config.acceptCountMismatch });
  } catch (error) {
    const called = partitionName(partition);
    if (called === "" || !(error instanceof ConnectorError)) throw error;
    // It may be for this one alone, e.g. for a segment that does not exist.
    throw error.reworded(`${definition.name} of "${called}": ${error.message}`);
  }
}
