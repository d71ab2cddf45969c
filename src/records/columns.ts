import type { SegmentSessions } from "../generated/segment-sessions.ts";
import type { Sessions } from "../generated/sessions.ts";

/** Columns that are made here, not sent by the API. */
export const MADE_COLUMNS = [
  "sessionKey",
  "segmentId",
  "startedAt",
  "additionalFields",
] as const satisfies readonly (keyof SegmentSessions)[];

/** Fields that never change after a session began: its key is made of them (API field names). */
export const LASTING_FIELDS = [
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

/** The columns that the user picked, with those that are always there. */
export interface Columns {
  readonly picked: ReadonlySet<string>;
  /** API parameter options.select; undefined where all fields are needed. */
  readonly select: readonly string[] | undefined;
}

/**
 * @param all the stream's columns, in order
 * @param configured the columns in the configured stream's json_schema; none picks all
 * @param always key and cursor columns
 */
export function pickColumns(
  all: readonly string[],
  configured: readonly string[],
  always: readonly string[],
): Columns {
  const wanted = new Set([...configured, ...always]);
  const picked = configured.length === 0 ? all : all.filter((name) => wanted.has(name));
  // What the API does not document can't be asked for by name.
  if (picked.includes("additionalFields")) return { picked: new Set(picked), select: undefined };
  const made = new Set<string>(MADE_COLUMNS);
  const select = new Set([...LASTING_FIELDS, ...picked.filter((name) => !made.has(name))]);
  const sent = all.filter((name) => !made.has(name));
  return {
    picked: new Set(picked),
    select: sent.every((name) => select.has(name)) ? undefined : [...select],
  };
}
