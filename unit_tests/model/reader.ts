import type { Answer, Query } from "./api.ts";

/** A record as a destination keeps it. */
export interface Written {
  /** sessionKey: the primary key. */
  readonly key: string;
  readonly id: number;
  readonly version: number;
  /** What the session's duplicates were like when the row was answered; see Session.family. */
  readonly family: number;
  /** Unix ms. */
  readonly at: number;
  readonly readable: boolean;
}

/** What the configuration and the clock say about the time to read. Unix s, and s. */
export interface Bounds {
  readonly startDate: number;
  readonly endDate: number | undefined;
  readonly lookback: number;
  /** A full refresh: nothing is read twice. */
  readonly forwardOnly?: boolean;
  readonly now: number;
}

/** What a program under test may use. */
export interface Surroundings {
  fetch(query: Query): Promise<Answer>;
  records(batch: readonly Written[]): Promise<void>;
  /** @param state anything that JSON can hold */
  checkpoint(state: unknown): Promise<void>;
  /** Monotonic ms. */
  monotonicNow(): number;
  readonly maxFingerprints: number;
  /** Reads on where counts and rows contradict each other for good; default false. */
  readonly acceptCountMismatch?: boolean;
  /** What a person may want to know. */
  readonly report?: (event: unknown) => void;
}

/** A program that reads all sessions of a window: the engine, or what it is compared with. */
export type Reader = (surroundings: Surroundings, state: unknown, bounds: Bounds) => Promise<void>;

/** The process died. */
export class Killed extends Error {}
