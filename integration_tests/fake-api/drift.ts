import type { Dataset } from "./dataset.ts";
import type { JsonRecord, JsonValue } from "./json.ts";
import type { Mutations } from "./mutations.ts";
import type { Selection } from "./order.ts";
import { below, hash } from "./random.ts";
import type { Session } from "./session.ts";
import type { Order } from "./switches.ts";
import { personOf } from "./visitor.ts";

/** How the set moves under its reader: inside the range that is asked for, before the request is answered. */
export interface Drift {
  /** At requests n, 2n, 3n, … */
  readonly every: number;
  /** How many sessions appear, default 0. */
  readonly insert?: number;
  /** How many disappear, default 0. */
  readonly remove?: number;
  /** How many go on, default 0: counts and durations grow, and now and then the visitor is identified. */
  readonly change?: number;
  /**
   * Default anywhere. Head and tail are the tenths of the range that are answered first and last; where answers have
   * no order in time, its earliest and latest.
   */
  readonly where?: DriftPlace;
}

/** Where in a range the set moves. */
export type DriftPlace = "head" | "tail" | "anywhere";

/** What drift needs to know of the stand-in. */
export interface DriftContext {
  readonly dataset: Dataset;
  readonly mutations: Mutations;
  readonly order: Order;
  readonly seed: number;
}

/** Integers from 0 (inclusive) to a bound (exclusive). */
type Draw = (bound: number) => number;

function numberIn(value: JsonValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** A session that went on: only what may still change after a session began is touched. */
function goneOn(session: Session, seed: number, draw: Draw): JsonRecord {
  const longer = 1000 + draw(120_000);
  const duration = numberIn(session.duration) + longer;
  const inactiveTime = numberIn(session.inactiveTime) + Math.floor(longer * 0.2);
  const { domain } = session;
  const site = typeof domain === "string" ? domain : "www.example.com";
  const more = Array.from({ length: 1 + draw(3) }, () => `https://${site}/later/${draw(1000)}`);
  const grown = {
    duration,
    inactiveTime,
    activeTime: duration - inactiveTime,
    eventCount: numberIn(session.eventCount) + more.length * (1 + draw(30)),
    pageCount: numberIn(session.pageCount) + more.length,
    urls: Array.isArray(session.urls) ? [...session.urls, ...more] : more,
  };
  const anonymous = typeof session.userId !== "string" || session.userId === "";
  return anonymous && draw(3) === 0 ? { ...grown, ...personOf(seed, draw(1_000_000)) } : grown;
}

/** A rank at the given place among so many in ascending time. */
function rankAt(place: DriftPlace, order: Order, total: number, draw: Draw): number {
  if (place === "anywhere") return draw(total);
  const tenth = Math.max(1, Math.floor(total / 10));
  const early = (place === "head") === (order !== "descending");
  return early ? draw(tenth) : total - 1 - draw(tenth);
}

/**
 * Moves the set as one rule says, if it is the request's turn: the same at every run with the same seed.
 * @param asked the range that the request asks for; its segment does not matter
 * @param number the request's number, from 1
 */
function applyRule(
  rule: Drift,
  index: number,
  asked: Selection,
  number: number,
  context: DriftContext,
): void {
  const { dataset, mutations, order, seed } = context;
  if (number % rule.every !== 0 || asked.from >= asked.to) return;
  let drawn = 0;
  const draw: Draw = (bound) => {
    drawn += 1;
    return below(bound, hash(seed, number, 120 + index), drawn, 121);
  };
  const drawId = (): number | undefined => {
    const range = dataset.range(asked.from, asked.to);
    if (range.total === 0) return undefined;
    return dataset.ids(range, rankAt(rule.where ?? "anywhere", order, range.total, draw), 1)[0];
  };
  const repeat = (times: number | undefined, action: (id: number | undefined) => void) => {
    for (let time = 0; time < (times ?? 0); time += 1) action(drawId());
  };

  repeat(rule.remove, (id) => {
    if (id !== undefined) mutations.remove({ ids: [id] });
  });
  repeat(rule.insert, (id) => {
    // Beside another session where there is one: an even spread would fill the nights and empty years.
    const near = id === undefined ? asked.from + draw(asked.to - asked.from) : dataset.timestamp(id);
    mutations.insertGenerated([Math.min(near + draw(1000), asked.to - 1)]);
  });
  repeat(rule.change, (id) => {
    if (id !== undefined) mutations.change({ ids: [id] }, (session) => goneOn(session, seed, draw));
  });
}

/** Moves the set as all rules say, in their order. */
export function applyDrift(
  rules: readonly Drift[],
  asked: Selection,
  number: number,
  context: DriftContext,
): void {
  for (const [index, rule] of rules.entries()) applyRule(rule, index, asked, number, context);
}
