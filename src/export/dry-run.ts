import type { Client } from "../browsee/client.ts";
import { withPartition } from "../streams/open-partition.ts";
import { boundsNow } from "../streams/read-stream.ts";
import { partitionsOf } from "../streams/stream.ts";
import { createStreamState } from "../streams/stream-state.ts";
import { PageKnowledge, Requests } from "../sync/requests.ts";
import { endOf, MARGIN, planWindow } from "../sync/window.ts";
import type { Estimate } from "../terminal/estimate-text.ts";
import type { ExportParts } from "./export-all.ts";
import { type FoundStream, withStreams } from "./open-target.ts";

/** Requests for each page of sessions, in history and in the time that is looked at again. */
const REQUESTS_A_PAGE = { history: 1.1, lookback: 1.4 };

/**
 * Asks how much the export of each stream would ask for, in two requests or a few more for each of its partitions. No store is
 * made, and nothing is written into one that is there.
 * @throws ConnectorError, also where the export would be refused, or Cancelled
 */
export async function estimateExport(parts: ExportParts): Promise<readonly Estimate[]> {
  // The store is not kept from an export while Browsee is asked.
  const streams = await withStreams(parts, false, async (found) => found);
  return parts.withClient(async (client) => {
    const estimates: Estimate[] = [];
    for (const stream of streams) estimates.push(await estimateStream(parts, stream, client));
    return estimates;
  });
}

async function estimateStream(
  { config, target, fields, stop, reporter, monotonicNow, now }: ExportParts,
  { definition, table }: FoundStream,
  client: Client,
): Promise<Estimate> {
  const partitions = partitionsOf(definition, config);
  const state = createStreamState(partitions, table?.before?.state);
  const bounds = boundsNow({ config, incremental: target !== undefined, now });
  const end = endOf(bounds);
  const sum = { sessions: 0, requests: 0, ms: 0 };
  let begin = end;
  for (const partition of partitions) {
    const window = planWindow(state.cursorOf(partition), bounds);
    if (window === undefined) continue;
    begin = Math.min(begin, Math.max(window.from, window.startDate));
    const span = { start: window.from, end: end + MARGIN };
    const aPage = REQUESTS_A_PAGE[window.historyEnd > window.from ? "history" : "lookback"];
    const access = { definition, config, client, columns: fields, stop };
    await withPartition(access, partition, async (opened) => {
      const asked = new Requests({ ...opened, pages: new PageKnowledge(), warn: reporter.note });
      const { total } = await asked.ask(span, 0);
      // The first request has to connect too.
      const begun = monotonicNow();
      await asked.ask(span, 0);
      const requests = Math.ceil((total / asked.pageRows) * aPage) + 1;
      sum.sessions += total;
      sum.requests += requests;
      sum.ms += requests * (monotonicNow() - begun);
    });
  }
  const span = sum.requests === 0 ? {} : { from: begin * 1000, to: end * 1000 };
  return { stream: definition.name, noun: definition.noun, ...span, ...sum };
}
