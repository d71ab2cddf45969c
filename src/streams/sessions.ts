import schema from "../../schemas/sessions.json";
import type { StreamDefinition } from "./stream.ts";

/** Every session of the project. */
export const stream: StreamDefinition = {
  name: "sessions",
  path: "/api/v1/export/sessions",
  noun: { one: "session", many: "sessions" },
  schema,
  primaryKey: ["sessionKey"],
  cursorField: "timestamp",
  durationField: "duration",
  keyFields: ["timestamp", "ip", "domain", "landingPage", "referrer", "browser", "os", "device", "isMobile"],
  rankFields: ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "urls", "userId"],
  madeColumns: { key: "sessionKey", start: "startedAt", rest: "additionalFields" },
} satisfies StreamDefinition<keyof typeof schema.properties>;
