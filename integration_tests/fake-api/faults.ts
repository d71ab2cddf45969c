import { chance } from "./random.ts";
import type { ExportRequest } from "./request.ts";

/** When a rule applies: whenever any of its conditions holds. Requests are numbered from 1. */
export interface FaultTiming {
  /** These requests. */
  readonly requests?: readonly number[];
  /** Requests n, 2n, 3n, … */
  readonly every?: number;
  /** Requests 1 to n. */
  readonly first?: number;
  /** Each request with this probability (0 to 1), drawn from `seed` (default: the stand-in's). */
  readonly probability?: number;
  readonly seed?: number;
  /** Requests in order of which this holds. */
  readonly matching?: (request: ExportRequest) => boolean;
}

/** An error status, as the API's JSON with the given words, or as a proxy's HTML page. */
export interface StatusFault {
  readonly kind: "status";
  readonly status: number;
  readonly words?: string;
  /** Default: HTML for 502 only. */
  readonly html?: boolean;
  /** A Retry-After header: so many seconds, */
  readonly retryAfterS?: number;
  /** which are sent as the HTTP date they lead to if this is true. */
  readonly retryAfterAsDate?: boolean;
}

/** Faults of the connection: the answer is genuine as far as it comes. */
export type WireFault =
  /** The socket is reset before an answer, */
  | { readonly kind: "reset" }
  /** or closed in the middle of a body that was announced to be longer. */
  | { readonly kind: "truncate" }
  /** No answer ever. */
  | { readonly kind: "hang" }
  /** One byte at a time (default: each 50 ms). */
  | { readonly kind: "drip"; readonly everyMs?: number }
  /** The answer comes so much later. */
  | { readonly kind: "slow"; readonly ms: number }
  /** A body that never ends. */
  | { readonly kind: "endless" };

/** Faults of the body, all with status 200. */
export type BodyFault =
  | { readonly kind: "broken-gzip" }
  /** JSON that ends in the middle, in a body that is complete. */
  | { readonly kind: "cut-json" }
  | { readonly kind: "html-200" }
  /** The documented failure, but with status 200. */
  | { readonly kind: "failure-200" }
  /** An answer without `exports`, */
  | { readonly kind: "no-exports" }
  /** without `exports.data`, */
  | { readonly kind: "no-data" }
  /** with every second row null (the first is one of them), */
  | { readonly kind: "null-rows" }
  /** or every second row no object, */
  | { readonly kind: "scalar-rows" }
  /** or no rows although `total` says otherwise. */
  | { readonly kind: "empty-page" };

/** Faults that put another complete answer in place of the genuine one. */
export type ReplyFault =
  | StatusFault
  | BodyFault
  /** Sent on to the same path at another origin (default status: 307). */
  | { readonly kind: "redirect"; readonly origin: string; readonly status?: 301 | 302 | 307 | 308 }
  /** An error that repeats both keys, plainly, URL-encoded and in base64 (default status: 400). */
  | { readonly kind: "echo-keys"; readonly status?: 400 | 401 };

/** What goes wrong. */
export type Fault = WireFault | ReplyFault;

const WIRE_FAULTS: readonly string[] = ["reset", "truncate", "hang", "drip", "slow", "endless"];

/** Whether a fault is one of the connection. */
export function isWireFault(fault: Fault): fault is WireFault {
  return WIRE_FAULTS.includes(fault.kind);
}

/** When something goes wrong, and what. */
export interface FaultRule {
  readonly when: FaultTiming;
  readonly what: Fault;
}

function applies(
  when: FaultTiming,
  number: number,
  request: ExportRequest | undefined,
  seed: number,
): boolean {
  return (
    when.requests?.includes(number) === true ||
    (when.every !== undefined && number % when.every === 0) ||
    (when.first !== undefined && number <= when.first) ||
    (when.probability !== undefined && chance(when.probability, when.seed ?? seed, number, 110)) ||
    (request !== undefined && when.matching?.(request) === true)
  );
}

/**
 * What goes wrong with a request: the first rule that applies.
 * @param number the request's number, from 1
 * @param request undefined if it is not in order
 * @param seed for probabilities that have none of their own
 */
export function faultOf(
  rules: readonly FaultRule[],
  number: number,
  request: ExportRequest | undefined,
  seed: number,
): Fault | undefined {
  return rules.find(({ when }) => applies(when, number, request, seed))?.what;
}
