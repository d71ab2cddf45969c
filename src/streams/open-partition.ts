import type { Client } from "../browsee/client.ts";
import type { ExportRequest } from "../browsee/request.ts";
import type { Config } from "../config.ts";
import { type Columns, pickColumns } from "../records/columns.ts";
import { createRowConverter } from "../records/row-converter.ts";
import { createKeyMaker } from "../records/session-key.ts";
import type { FetchPage, KeyedRow } from "../sync/page.ts";
import type { PartitionParts } from "../sync/read-partition.ts";
import type { Partition, StreamDefinition } from "./stream.ts";

/** What is asked of the API for a partition. @param select undefined asks for all fields */
export function exportOf(
  { path }: StreamDefinition,
  { parameters }: Partition,
  select?: readonly string[],
): ExportRequest {
  return { path, ...parameters, ...(select !== undefined && { select }) };
}

/** The columns of a stream's records. @param configured the columns in the configured stream's json_schema; none picks all */
export function columnsOf(definition: StreamDefinition, configured: readonly string[]): Columns {
  const { schema, primaryKey, cursorField, madeColumns, keyFields } = definition;
  const all = Object.keys(schema.properties);
  const always = [...primaryKey, cursorField];
  return pickColumns({ all, made: new Set(madeColumns), always, keyFields }, configured);
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
    properties: definition.schema.properties,
    madeColumns: new Set(definition.madeColumns),
    startField: definition.cursorField,
    picked: columns.picked,
    keys: createKeyMaker(config.apiKey),
    constants: partition.constants,
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
