import { type BaseSet, explicitBase, generatedBase } from "./base.ts";
import type { Drift } from "./drift.ts";
import { type Endpoint, EXPORT_PATH } from "./endpoints.ts";
import type { FaultRule } from "./faults.ts";
import type { Handle } from "./handle.ts";
import type { JsonRecord, JsonValue } from "./json.ts";
import type { JsonStyle } from "./json-style.ts";
import type { ExportRequest } from "./request.ts";
import { DEFAULT_SEGMENTS, type Segments } from "./segments.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";

/** The keys of the stand-in's only account unless it is given others; made to be found in any output. */
export const DEMO_API_KEY = "demo-api-key-0123456789";
export const DEMO_SECRET_KEY = "demo-secret-key-9876543210";

/** The most rows that the API gives in one answer. */
export const MAX_LIMIT = 100;

const DAY_MS = 86_400_000;

/** A set of sessions made up from a seed; see `Schedule` for the fields, all of which may be left out. */
export interface GeneratedData {
  /** Default 1,000. */
  readonly count?: number;
  /** Default: the stand-in's. */
  readonly seed?: number;
  /** ms since the epoch, inclusive; default 30 days before `to`. */
  readonly from?: number;
  /** ms since the epoch, exclusive; default now. */
  readonly to?: number;
}

/** What the API leaves open about its `start` and `end`, compared in ms. */
export interface Bounds {
  readonly start: "inclusive" | "exclusive";
  readonly end: "inclusive" | "exclusive";
}

/** How a stand-in behaves; with nothing given, as the documentation says. */
export interface FakeApiOptions extends Partial<Switches> {
  /** Default 0: any that is free. */
  readonly port?: number;
  readonly apiKey?: string;
  readonly secretKey?: string;
  /** What order, drift, faults and inserted sessions are drawn from; default 1. */
  readonly seed?: number;
  /** The clock, ms since the epoch; default the system's. */
  readonly now?: () => number;

  /** The sessions are generated (the default), */
  readonly generated?: GeneratedData;
  /** or these, of any shape. */
  readonly sessions?: readonly JsonValue[];
  /** Default `DEFAULT_SEGMENTS`. */
  readonly segments?: Segments;
  readonly drift?: Drift | readonly Drift[];
  /**
   * Called for each request that is in order and not refused, before drift and answer; the set may be moved in it.
   * `number` counts all requests from 1.
   */
  readonly onRequest?: (number: number, request: ExportRequest, handle: Handle) => void;

  /** Default: start inclusive, end exclusive. */
  readonly bounds?: Bounds;
  /** Answers with all fields whatever is selected. */
  readonly ignoreSelect?: boolean;
  /** Undocumented fields that about every third session has. */
  readonly extraFields?: JsonRecord;
  /** A field in which every row tells its hidden identity, whatever is selected. */
  readonly idField?: string;

  /** How its JSON is written; default as JSON.stringify does. */
  readonly jsonStyle?: JsonStyle;
  /** Compresses answers of 1 kB and more for clients that accept it; default true. */
  readonly gzip?: boolean;
  /** How long every answer takes at least, ms; default 0. */
  readonly latencyMs?: number;
  readonly faults?: readonly FaultRule[];
  /** The status for a second open request; default 429. */
  readonly busyStatus?: 429 | 400 | 409;
  /** Sent with such an answer as Retry-After, seconds. */
  readonly busyRetryAfterS?: number;
  /** How long a request still counts as open after its client has gone, ms; default 0. */
  readonly lingerMs?: number;

  /** How many requests are remembered, default 5,000; 0 for none. */
  readonly logLimit?: number;
  /** Serves GET /stats and POST /append too, for clients in other processes; default false. */
  readonly control?: boolean;
}

/** The options with their defaults, as far as there are any. */
export type Settings = FakeApiOptions &
  Required<
    Pick<
      FakeApiOptions,
      | "port"
      | "apiKey"
      | "secretKey"
      | "seed"
      | "now"
      | "segments"
      | "bounds"
      | "gzip"
      | "latencyMs"
      | "busyStatus"
      | "lingerMs"
      | "logLimit"
    >
  > &
  Switches;

/** Fills in the defaults. */
export function settingsOf(options: FakeApiOptions): Settings {
  return {
    port: 0,
    apiKey: DEMO_API_KEY,
    secretKey: DEMO_SECRET_KEY,
    seed: 1,
    now: Date.now,
    segments: DEFAULT_SEGMENTS,
    bounds: { start: "inclusive", end: "exclusive" },
    gzip: true,
    latencyMs: 0,
    busyStatus: 429,
    lingerMs: 0,
    logLimit: 5000,
    ...DEFAULT_SWITCHES,
    ...options,
  };
}

/**
 * The rows of an endpoint that a stand-in with these settings starts with. Sessions that are given leave others none.
 * @throws RangeError if they are both generated and given, or are generated in a time that is empty
 */
export function baseSetOf(settings: Settings, path: string, { generate }: Endpoint): BaseSet {
  const { sessions, generated, seed, now } = settings;
  if (sessions !== undefined) {
    if (generated !== undefined) throw new RangeError("sessions are either generated or given");
    return explicitBase(path === EXPORT_PATH ? sessions : [], now() - 3_600_000);
  }
  const to = generated?.to ?? now();
  const from = generated?.from ?? to - 30 * DAY_MS;
  if (!(from < to)) throw new RangeError(`no time between ${from} and ${to}`);
  const schedule = { count: generated?.count ?? 1000, seed: generated?.seed ?? seed, from, to };
  return generatedBase(schedule, generate);
}
