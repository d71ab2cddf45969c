import type { JsonRecord } from "./json.ts";
import { MAX_LIMIT, type Settings } from "./options.ts";
import type { Selection } from "./order.ts";
import { failureBody } from "./reply.ts";
import type { ExportRequest, ReceivedBody } from "./request.ts";
import { rowForm } from "./rows.ts";
import { statedTotal } from "./total-lie.ts";
import type { World } from "./world.ts";

/** What a request deserves. */
export interface Answer {
  readonly status: 200 | 400 | 401;
  readonly body: JsonRecord;
  /** How many rows are in it. */
  readonly rows: number;
}

const DAY_S = 86_400;

/** The range and segment that a request means, with the documented defaults. */
export function selectionOf(request: ExportRequest, settings: Settings): Selection {
  const nowS = settings.now() / 1000;
  const { bounds } = settings;
  const start = Math.floor((request.start ?? nowS - DAY_S) * 1000);
  const end = Math.floor((request.end ?? nowS) * 1000);
  return {
    from: bounds.start === "inclusive" ? start : start + 1,
    to: bounds.end === "inclusive" ? end + 1 : end,
    segmentId: request.segmentId,
  };
}

/** An answer that says what is wrong. */
export function failure(status: 400 | 401, words: string): Answer {
  return { status, body: failureBody(status, words), rows: 0 };
}

/**
 * What keeps a request that has the documented form from being answered with sessions, if anything does.
 * @param keys as received
 */
export function rejectionOf(world: World, keys: ReceivedBody, request: ExportRequest): Answer | undefined {
  const { settings, membership } = world;
  if (keys.apiKey !== settings.apiKey || keys.secretKey !== settings.secretKey) {
    return failure(401, "Secret Key invalid.");
  }
  const { segmentId } = request;
  return segmentId === undefined || membership.knows(segmentId)
    ? undefined
    : failure(400, "Segment not found.");
}

/** A page of sessions as the set is now. */
export function pageAnswer(
  world: World,
  request: ExportRequest,
  selection: Selection,
  number: number,
): Answer {
  const { settings, dataset, pager } = world;
  const limit = Math.min(request.limit ?? MAX_LIMIT, MAX_LIMIT, settings.pageSize ?? MAX_LIMIT);
  const { total, ids } = pager(selection, request.from, limit, number);
  const form = rowForm(settings, request.select);
  const data = ids.map((id) => (form === undefined ? dataset.row(id) : form(dataset.row(id), id)));
  return {
    status: 200,
    body: {
      status: "success",
      exports: {
        total: statedTotal(settings.totalLie, total, ids.length),
        to: request.from + ids.length,
        data,
      },
    },
    rows: ids.length,
  };
}
