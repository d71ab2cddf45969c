import own from "../../schemas/segment_sessions.json";
import { stream as sessions } from "./sessions.ts";
import type { StreamDefinition } from "./stream.ts";

// Airbyte takes no allOf or $ref in a catalog, so the schema is put together here.
const { allOf: _composed, ...rest } = own;
const schema = {
  ...rest,
  required: ["sessionKey", ...own.required],
  properties: { ...own.properties, ...sessions.schema.properties },
};

/** The sessions of each configured segment. */
export const stream: StreamDefinition = {
  ...sessions,
  name: "segment_sessions",
  schema,
  primaryKey: ["segmentId", ...sessions.primaryKey],
  partitionedBy: { field: "segmentId", setting: "segment_ids", values: ({ segmentIds }) => segmentIds },
};
