import own from "../../schemas/segment_sessions.json";
import sessions from "../../schemas/sessions.json";
import { pickColumns } from "../records/columns.ts";
import { openSessionReader } from "../records/open-reader.ts";
import type { StreamDefinition } from "./stream.ts";

const primaryKey = ["segmentId", "sessionKey"];
const cursorField = "timestamp";

// Airbyte takes no allOf or $ref in a catalog, so the schema is put together here.
const { allOf: _composed, ...rest } = own;
const schema = {
  ...rest,
  required: [...sessions.required, ...own.required],
  properties: { ...own.properties, ...sessions.properties },
};

/** The sessions of each configured segment. */
export const stream: StreamDefinition = {
  name: "segment_sessions",
  schema,
  primaryKey,
  cursorField,
  offered: (config) => config.segmentIds.length > 0,
  partitions(config, configured) {
    const { properties } = schema;
    const columns = pickColumns(Object.keys(properties), configured, [...primaryKey, cursorField]);
    const { select } = columns;
    return config.segmentIds.map((segmentId) => ({
      partition: { segmentId },
      export: { path: "/api/v1/export/sessions", segmentId, ...(select !== undefined && { select }) },
      reader: () => openSessionReader(config.apiKey, { properties, columns, constants: { segmentId } }),
    }));
  },
};
