import { version } from "../../package.json";
import { instant, type StreamSummary } from "../terminal/summary.ts";
import { hasOwnTable, isInUse } from "./bookkeeping.ts";
import type { Store } from "./store.ts";

const TABLE = "browsee_export_runs";
const COLUMNS = {
  stream: "VARCHAR",
  begun_at: "TIMESTAMPTZ",
  ended_at: "TIMESTAMPTZ",
  window_from: "TIMESTAMPTZ",
  window_to: "TIMESTAMPTZ",
  counted: "BIGINT",
  accounted_for: "BIGINT",
  new_sessions: "BIGINT",
  changed_sessions: "BIGINT",
  answers_read_again: "BIGINT",
  requests: "BIGINT",
  outcome: "VARCHAR",
  error: "VARCHAR",
  version: "VARCHAR",
} as const;

/**
 * Makes sure that runs can be put on record; changes nothing.
 * @throws ConnectorError target_unusable where somebody else's table has the name of this program's
 */
export async function checkRuns(store: Store): Promise<void> {
  await hasOwnTable(store, TABLE, Object.keys(COLUMNS));
}

/**
 * Puts the receipt of a run over one stream on record, however it ended; nothing in a store that no run has brought
 * anything into.
 * @param begun Unix ms
 * @param ended Unix ms
 */
export async function writeRun(
  store: Store,
  { stream, status, changes, requests, failure, receipt }: StreamSummary,
  begun: number,
  ended: number,
): Promise<void> {
  if (!(await isInUse(store))) return;
  const { from, to, counted, came, rereads } = receipt;
  const values = [
    ...[stream, instant(begun), instant(ended), instant(from && from * 1000), instant(to && to * 1000)],
    ...[counted, came, changes?.added ?? null, changes?.changed ?? null, rereads, requests],
    ...[status, failure?.code ?? null, version],
  ];
  const names = Object.keys(COLUMNS);
  const types = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);
  const places = Object.values(COLUMNS).map((type, at) => `CAST($${at + 1} AS ${type})`);
  await store.transaction(async () => {
    await store.run(`CREATE TABLE IF NOT EXISTS ${TABLE} (${types.join(", ")})`);
    await store.run(`COMMENT ON TABLE ${TABLE} IS 'What each run of source-browsee came to.'`);
    await store.run(`INSERT INTO ${TABLE} (${names.join(", ")}) VALUES (${places.join(", ")})`, values);
  });
}
