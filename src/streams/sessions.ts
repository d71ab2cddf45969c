import schema from "../../schemas/sessions.json";
import type { Sessions } from "../generated/sessions.ts";
import type { StreamDefinition } from "./stream.ts";

const keyFields = [
  "timestamp",
  "ip",
  "domain",
  "landingPage",
  "referrer",
  "browser",
  "os",
  "device",
  "isMobile",
] as const satisfies readonly (keyof Sessions)[];

const rankFields = [
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_term",
  "utm_content",
  "urls",
  "userId",
] as const satisfies readonly (keyof Sessions)[];

const madeColumns = {
  key: "sessionKey",
  start: "startedAt",
  rest: "additionalFields",
} as const satisfies Readonly<Record<string, keyof Sessions>>;

/** Every session of the project. */
export const stream: StreamDefinition = {
  name: "sessions",
  path: "/api/v1/export/sessions",
  noun: { one: "session", many: "sessions" },
  schema,
  primaryKey: ["sessionKey"],
  cursorField: "timestamp",
  durationField: "duration",
  keyFields,
  rankFields,
  madeColumns,
};
