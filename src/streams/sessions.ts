import schema from "../../schemas/sessions.json";
import { pickColumns } from "../records/columns.ts";
import { openSessionReader } from "../records/open-reader.ts";
import type { StreamDefinition } from "./stream.ts";

const primaryKey = ["sessionKey"];
const cursorField = "timestamp";

/** Every session of the project. */
export const stream: StreamDefinition = {
  name: "sessions",
  schema,
  primaryKey,
  cursorField,
  offered: () => true,
  partitions(config, configured) {
    const { properties } = schema;
    const columns = pickColumns(Object.keys(properties), configured, [...primaryKey, cursorField]);
    const { select } = columns;
    return [
      {
        partition: undefined,
        export: { path: "/api/v1/export/sessions", ...(select !== undefined && { select }) },
        reader: () => openSessionReader(config.apiKey, { properties, columns, constants: {} }),
      },
    ];
  },
};
