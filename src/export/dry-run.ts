import type { Client } from "../browsee/client.ts";
import { resolvePath } from "../files.ts";
import { withPartition } from "../streams/open-partition.ts";
import { boundsNow } from "../streams/read-stream.ts";
import { type Partition, partitionsOf, type StreamDefinition } from "../streams/stream.ts";
import { createStreamState, type StreamState } from "../streams/stream-state.ts";
import type { Span } from "../sync/page.ts";
import { PageKnowledge, Requests } from "../sync/requests.ts";
import { endOf, MARGIN, planWindow } from "../sync/window.ts";
import type { Estimate } from "../terminal/estimate-text.ts";
import { projectMark, readTableStates, type TableState } from "./bookkeeping.ts";
import { checkCopyTarget } from "./copy.ts";
import type { ExportParts } from "./export-all.ts";
import { openExistingStore } from "./open-target.ts";
import { newTableOf } from "./table-writer.ts";

/** Requests for each page of sessions, in history and in the time that is looked at again. */
const REQUESTS_A_PAGE = { history: 1.1, lookback: 1.4 };

/**
 * Asks how much the export of each stream would ask for, in two requests or a few more for each of its partitions. No store is
 * made, and nothing is written into one that is there.
 * @throws ConnectorError, or Cancelled
 */
export async function estimateExport(parts: ExportParts): Promise<readonly Estimate[]> {
  const states = await statesIn(parts);
  return parts.withClient(async (client) => {
    const estimates: Estimate[] = [];
    for (const definition of parts.definitions) {
      const { name } = definition;
      const state = createStreamState(
        partitionsOf(definition, parts.config),
        (states.get(newTableOf(name)) ?? states.get(name))?.state,
      );
      estimates.push(await estimateStream(parts, definition, state, client));
    }
    return estimates;
  });
}

/**
 * Looks whether each file could be made.
 * @returns states in the store, by table; none where everything would be read
 * @throws ConnectorError target_unusable, target_busy or target_unwritable
 */
async function statesIn(parts: ExportParts): Promise<ReadonlyMap<string, TableState>> {
  const { target, definitions, full } = parts;
  if (target === undefined) return new Map();
  const [project, store] = [projectMark(parts.config), await openExistingStore(target)];
  try {
    for (const definition of definitions) {
      const copy = target.copies.get(definition.name);
      if (copy === undefined) continue;
      const path = await resolvePath(copy.called);
      await checkCopyTarget({ ...parts, ...copy, path, mode: 0, store, definition, project });
    }
    const states = store && (await readTableStates(store, project));
    return (full ? undefined : states) ?? new Map();
  } finally {
    await store?.close();
  }
}

async function estimateStream(
  parts: ExportParts,
  definition: StreamDefinition,
  state: StreamState,
  client: Client,
): Promise<Estimate> {
  const { config, target, now } = parts;
  const bounds = boundsNow({ config, incremental: target !== undefined, now });
  const end = endOf(bounds);
  const sum = { sessions: 0, requests: 0, ms: 0 };
  let begin = end;
  for (const partition of partitionsOf(definition, config)) {
    const window = planWindow(state.cursorOf(partition), bounds);
    if (window === undefined) continue;
    begin = Math.min(begin, Math.max(window.from, window.startDate));
    const kind = window.historyEnd > window.from ? "history" : "lookback";
    const counted = await count(parts, definition, partition, client, {
      start: window.from,
      end: end + MARGIN,
    });
    const requests = Math.ceil((counted.sessions / counted.pageRows) * REQUESTS_A_PAGE[kind]) + 1;
    sum.sessions += counted.sessions;
    sum.requests += requests;
    sum.ms += requests * counted.ms;
  }
  const span = sum.requests === 0 ? {} : { from: begin * 1000, to: end * 1000 };
  return { stream: definition.name, noun: definition.noun, ...span, ...sum };
}

/** @returns ms: of the last request; the first one has to connect too */
async function count(
  { config, fields, stop, reporter, monotonicNow }: ExportParts,
  definition: StreamDefinition,
  partition: Partition,
  client: Client,
  span: Span,
): Promise<{ readonly sessions: number; readonly pageRows: number; readonly ms: number }> {
  const access = { definition, config, client, columns: fields, stop };
  return withPartition(access, partition, async (opened) => {
    const requests = new Requests({ ...opened, pages: new PageKnowledge(), warn: reporter.note });
    const { total } = await requests.ask(span, 0);
    const begun = monotonicNow();
    await requests.ask(span, 0);
    return { sessions: total, pageRows: requests.pageRows, ms: monotonicNow() - begun };
  });
}
