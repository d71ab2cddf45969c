import type { JsonRecord, JsonValue } from "./json.ts";
import { isRecord } from "./json.ts";

/** The fields that the API documents for a session, in the order of its documentation. */
export const SESSION_FIELDS = [
  "userId",
  "duration",
  "inactiveTime",
  "activeTime",
  "urls",
  "timestamp",
  "pageCount",
  "eventCount",
  "name",
  "email",
  "tags",
  "landingPage",
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_term",
  "utm_content",
  "browser",
  "os",
  "device",
  "isMobile",
  "ip",
  "city",
  "country",
  "domain",
  "referrer",
] as const;

/** The name of a documented field. */
export type SessionField = (typeof SESSION_FIELDS)[number];

/**
 * A row as the API sends it: the documented fields, each possibly absent and of whatever type a test gives it, and
 * others besides. Times and durations are in ms.
 */
export type Session = JsonRecord & {
  readonly [field in SessionField]?: JsonValue | undefined;
};

/** Whether a row is an object and so can be read field by field; rows that a test broke on purpose are not. */
export function isSession(row: JsonValue | undefined): row is Session {
  return isRecord(row);
}
