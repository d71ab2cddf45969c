import type { Client, ExportRequest } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { ConnectorError } from "../errors.ts";
import { createRowConverter } from "../records/row-converter.ts";
import { createKeyMaker } from "../records/session-key.ts";
import type { FetchPage, KeyedRow } from "../sync/page.ts";
import type { PartitionParts } from "../sync/read-partition.ts";
import { madeColumnsOf, type Partition, partitionName, type StreamDefinition } from "./stream.ts";

/** What is asked of the API for a partition. @param select undefined asks for all fields */
export function exportOf(
  { path }: StreamDefinition,
  parameters: Partition,
  select?: readonly string[],
): ExportRequest {
  return { path, parameters, select };
}

/** The columns that the user picked, with those that are always there. */
export interface Columns {
  readonly picked: ReadonlySet<string>;
  /** API parameter options.select; undefined where all fields are needed. */
  readonly select: readonly string[] | undefined;
}

/** The columns of a stream's records. @param configured the columns in the configured stream's json_schema; none picks all */
export function columnsOf(definition: StreamDefinition, configured: readonly string[]): Columns {
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

/** How a partition's pages are fetched and become records. */
export function openPartition(
  definition: StreamDefinition,
  partition: Partition,
  config: Config,
  columns: Columns,
  client: Client,
  stop: AbortSignal,
): Pick<PartitionParts, "fetch" | "record"> {
  const converter = createRowConverter({
    ...definition,
    picked: columns.picked,
    keys: createKeyMaker(config),
    constants: partition,
  });
  const what = exportOf(definition, partition, columns.select);
  const fetch: FetchPage = async (query) => {
    const { rows, total } = await client.page(what, query, stop);
    let converted: readonly KeyedRow[] | undefined;
    return {
      starts: rows.map(converter.startOf),
      total,
      rows() {
        converted ??= rows.map(converter.convert);
        return converted;
      },
    };
  };
  return { fetch, record: converter.record };
}

/**
 * A failure of one partition's requests, e.g. for a segment that does not exist, made to say which one it was.
 * @param thrown value of a catch clause
 * @returns what was thrown where it is no ConnectorError, or the stream has one partition
 */
export function namePartition(thrown: unknown, { name }: StreamDefinition, partition: Partition): unknown {
  const called = partitionName(partition);
  if (called === "" || !(thrown instanceof ConnectorError)) return thrown;
  const { code, failureType, detail } = thrown;
  const message = `${name} of "${called}": ${thrown.message}`;
  return new ConnectorError({ code, failureType, message, detail, cause: thrown });
}
