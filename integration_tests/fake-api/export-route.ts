import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, failure, pageAnswer, rangeOf, rejectionOf } from "./answer.ts";
import { applyDrift } from "./drift.ts";
import { faultReply } from "./fault-replies.ts";
import { sendFaulty } from "./fault-wire.ts";
import { faultOf, isWireFault } from "./faults.ts";
import { type JsonStyle, rewritten } from "./json-style.ts";
import { failureReply, jsonReply, type Reply, sendReply } from "./reply.ts";
import { type Checked, checkRequest, type ExportRequest, parseBody, type ReceivedBody } from "./request.ts";
import { createSlot } from "./slot.ts";
import type { Outcome } from "./stats.ts";
import type { Timers } from "./timers.ts";
import type { World } from "./world.ts";

/** Answers a POST to an export path whose body has arrived. */
export type ExportRoute = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
) => void;

/** A request on its way to its answer. */
interface Exchange {
  readonly path: string;
  readonly number: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Undefined if the body is not a JSON object. */
  readonly received: ReceivedBody | undefined;
  readonly checked: Checked;
}

/** Lets the set move as it is due before request `number` is answered. */
function moveSet(world: World, request: ExportRequest, number: number): void {
  const { settings, dataset, handle } = world;
  settings.onRequest?.(number, request, handle);
  const context = { dataset, mutations: handle, order: world.now.switches.order, seed: settings.seed };
  applyDrift(world.now.drift, rangeOf(request, settings), number, context);
}

/** The set moves also before answers that a fault will spoil: it does not wait for them. */
function answerTo(world: World, { path, number, received, checked }: Exchange): Answer {
  if (received === undefined || checked.request === undefined)
    return failure(400, checked.problem ?? "Bad request.");
  const { request } = checked;
  const rejection = rejectionOf(world, received, request);
  if (rejection !== undefined) return rejection;
  world.counters.maxOffset = Math.max(world.counters.maxOffset, request.from);
  moveSet(world, request, number);
  return pageAnswer(world, path, request, number);
}

function busyReply({ settings }: World): Reply {
  const { busyStatus, busyRetryAfterS } = settings;
  const headers = busyRetryAfterS === undefined ? {} : { "retry-after": String(busyRetryAfterS) };
  return failureReply(busyStatus, "Another request is already open.", headers);
}

/** Remembers what became of a request; `status` is undefined where the answer has none of its own. */
function remember(world: World, exchange: Exchange, status: number | undefined, outcome: Outcome): void {
  const { number, request, received } = exchange;
  const { headers } = request;
  world.log.add({
    request: number,
    time: world.settings.now(),
    headers,
    body: received?.rest,
    status,
    outcome,
  });
}

/** Counts an answer that nothing disturbs. */
function count({ counters }: World, answer: Answer): Outcome {
  if (answer.status !== 200) {
    counters.rejected += 1;
    return "rejected";
  }
  counters.answered += 1;
  counters.rowsServed += answer.rows;
  return "answered";
}

/** Answers a request that the slot has let in. */
function answerAdmitted(world: World, exchange: Exchange, timers: Timers): void {
  const { settings, counters } = world;
  const { path, number, request, response, received, checked } = exchange;
  const deliver = (reply: Reply) => sendReply(request, response, reply, settings.gzip);
  const genuine = answerTo(world, exchange);
  const whole = () => styled(jsonReply(genuine.status, genuine.body), settings.jsonStyle);
  const fault = faultOf(world.now.faults, number, checked.request, settings.seed);
  if (fault === undefined) {
    remember(world, exchange, genuine.status, count(world, genuine));
    timers.after(settings.latencyMs, () => deliver(whole()));
    return;
  }
  counters.faulted += 1;
  if (isWireFault(fault)) {
    remember(world, exchange, undefined, fault.kind);
    const reply = whole();
    const sending = { request, response, reply, send: () => deliver(reply), timers };
    timers.after(settings.latencyMs, () => sendFaulty(fault, sending));
    return;
  }
  const reply = faultReply(fault, { genuine, received, path, now: settings.now() });
  remember(world, exchange, reply.status, fault.kind);
  timers.after(settings.latencyMs, () => deliver(reply));
}

/** The export paths of a stand-in. */
export function exportRoute(world: World, timers: Timers): ExportRoute {
  const { settings, counters } = world;
  const slot = createSlot(settings.lingerMs, timers, counters);
  return (path, request, response, text) => {
    const number = world.now.request;
    counters.requests = number;
    const received = parseBody(text);
    const exchange = { path, number, request, response, received, checked: checkRequest(received) };
    try {
      // Requests for other accounts do not take this one's slot.
      if (received?.apiKey !== settings.apiKey || slot.enter(response)) {
        answerAdmitted(world, exchange, timers);
        return;
      }
      counters.refused += 1;
      remember(world, exchange, settings.busyStatus, "refused");
      sendReply(request, response, busyReply(world), settings.gzip);
    } finally {
      // Whatever is added from now on, no answer up to here holds.
      world.now.request = number + 1;
    }
  };
}

function styled(reply: Reply, style: JsonStyle | undefined): Reply {
  return style === undefined ? reply : { ...reply, body: rewritten(reply.body.toString(), style) };
}
