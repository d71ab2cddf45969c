import { type ProjectKeys, projectHash } from "../records/session-key.ts";
import type { TableState } from "./bookkeeping.ts";
import { targetError } from "./file-failure.ts";
import type { Store } from "./store.ts";

const DIGITS = 16;

/** Tells projects apart in a store, without telling the key. */
export function projectMark(keys: ProjectKeys): string {
  return projectHash("project", keys).slice(0, DIGITS);
}

/**
 * Makes sure that a table holds a project's sessions.
 * @param project its mark
 * @throws ConnectorError target_unusable
 */
export function checkProject({ path }: Store, found: TableState, project: string): void {
  if (found.project === project) return;
  const sentence = `${path} holds the sessions of another project: they were exported with another api_key or session_key_salt. Choose another path.`;
  throw targetError("target_unusable", sentence);
}
