import { version } from "../../package.json";
import { instant, type StreamSummary } from "../terminal/summary.ts";
import { putRow } from "./bookkeeping.ts";
import type { Store } from "./store.ts";
import { relationIn } from "./table.ts";

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
  if ((await relationIn(store, "browsee_export_state")) === undefined) return;
  const { from, to, counted, came, rereads } = receipt;
  const row = {
    stream,
    begun_at: instant(begun),
    ended_at: instant(ended),
    window_from: instant(from && from * 1000),
    window_to: instant(to && to * 1000),
    counted,
    accounted_for: came,
    new_sessions: changes?.added ?? null,
    changed_sessions: changes?.changed ?? null,
    answers_read_again: rereads,
    requests,
    outcome: status,
    error: failure?.code ?? null,
    version,
  };
  await store.transaction(() => putRow(store, "browsee_export_runs", row));
}
