import type { JsonRecord, JsonValue } from "./json.ts";
import { MAX_LIMIT, type Settings } from "./options.ts";
import type { Selection } from "./order.ts";
import { failureBody } from "./reply.ts";
import type { ExportRequest, ReceivedBody } from "./request.ts";
import { rowForm } from "./rows.ts";
import type { Switches } from "./switches.ts";
import { setAt, type World } from "./world.ts";

/** What a request deserves. */
export interface Answer {
  readonly status: 200 | 400 | 401;
  readonly body: JsonRecord;
  /** How many rows are in it. */
  readonly rows: number;
}

const DAY_S = 86_400;
const MINUTE_MS = 60_000;

/** The range of starts and the segment that a request means, with the documented defaults. */
export function rangeOf(request: ExportRequest, settings: Settings): Selection {
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

/** What an API answers whose filter is another one: by the session's end, or by times that are cut or shifted. */
function selectionOf(request: ExportRequest, settings: Settings, { filter, shift }: Switches): Selection {
  const range = rangeOf(request, settings);
  const { from, to } = range;
  const cut = (ms: number, unit: number) => Math.floor(ms / unit) * unit;
  const all = { ...range, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  switch (filter) {
    case "start":
      return range;
    case "end":
      return { ...all, wanted: (_, end) => end >= from && end < to };
    case "within":
      return { ...range, to: all.to, wanted: (_, end) => end < to };
    case "overlap":
      return { ...range, from: all.from, wanted: (_, end) => end >= from };
    case "minutes":
      return { ...range, from: cut(from, MINUTE_MS), to: cut(to, MINUTE_MS) };
    case "hours":
      return { ...range, from: cut(from, 60 * MINUTE_MS) };
    case "shifted":
      return { ...range, from: from - shift * 1000, to: to - shift * 1000 };
    case "start-ignored":
      return { ...range, from: all.from };
    case "end-ignored":
      return { ...range, to: all.to };
    case "ignored":
      return all;
  }
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

/** A page of an endpoint's rows as the set is now. */
export function pageAnswer(world: World, path: string, request: ExportRequest, number: number): Answer {
  const { endpoint, dataset, pager } = setAt(world, path);
  const { settings } = world;
  const { switches } = world.now;
  const limit = Math.min(request.limit ?? MAX_LIMIT, MAX_LIMIT, switches.pageSize);
  const end = switches.ends > 0 ? switches.ends : Number.POSITIVE_INFINITY;
  const selection = selectionOf(request, settings, switches);
  const room = Math.max(0, Math.min(limit, end - request.from));
  const { total, before, ids } = pager(selection, request.from, room, number, switches);
  const form = rowForm(settings, request.select, endpoint.fields);
  const data = ids.map((id) => (form === undefined ? dataset.row(id) : form(dataset.row(id), id)));
  const counted = {
    now: Math.min(total, end),
    before: Math.min(before, end),
    page: ids.length,
    request: number,
  };
  return {
    status: 200,
    body: {
      status: "success",
      exports: { total: statedTotal(switches, counted), to: request.from + ids.length, data },
    },
    rows: ids.length,
  };
}

interface Counted {
  readonly now: number;
  readonly before: number;
  /** Rows of this answer. */
  readonly page: number;
  readonly request: number;
}

/** The `total` of an answer, `undefined` for none. */
function statedTotal(
  { total, cap }: Switches,
  { now, before, page, request }: Counted,
): JsonValue | undefined {
  const most = (count: number) => (cap > 0 ? Math.min(count, cap) : count);
  switch (total) {
    case "right":
      return most(now);
    case "late":
      return most(before);
    case "page":
      return page;
    case "absent":
      return undefined;
    case "negative":
      return -1;
    case "text":
      return String(now);
    case "more":
      return most(now + 1);
    case "less":
      return most(Math.max(0, now - 1));
    case "alternating":
      return most(now + (request % 2));
  }
}
