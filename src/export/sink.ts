import type { Emission } from "../sync/emission.ts";

/** What a form knows of all the sessions that it holds. */
export interface Holdings {
  readonly sessions: number;
  /** Unix ms of the first and the last start; undefined where there is none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Sessions of the last days that had any, by date (YYYY-MM-DD, UTC), in order. */
  readonly days: ReadonlyMap<string, number>;
}

/** Unix ms of the first and the last start; undefined where none is known. */
export interface Starts {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

/** What was done to the rows of a form that holds each session once. */
export interface Changes {
  readonly added: number;
  readonly changed: number;
}

/**
 * Where one stream's sessions are kept. While a commit is under way, only `write` is called; after a failure, only
 * `close`.
 */
export interface Sink {
  /** Path of the file; undefined for a pipe. */
  readonly file: string | undefined;
  /** Name of the table in it, where it has several. */
  readonly table: string | undefined;
  /** Where the last export ended (stream_state); undefined where it begins from the start. */
  readonly state: unknown;
  /** What a person should know before it begins. */
  readonly notes: readonly string[];
  /** When a commit costs so much that it should be for many sessions: characters of them. */
  readonly charactersACommit: number;
  /**
   * Takes sessions at once; they need not stand before the next commit. Resolves when more may come.
   * @returns characters that they have in this form
   */
  write(batch: readonly Emission[]): Promise<number>;
  /** All that was written before the call stands once it resolves, and the state with it. */
  commit(state: object): Promise<void>;
  /** The stream has been read to its end. */
  finish(): Promise<void>;
  /** What this export did; undefined where the form can't tell a new session from a changed one. */
  changes(): Changes | undefined;
  /** When the sessions began that were committed; undefined where the form does not look at them. */
  starts(): Starts | undefined;
  /** Undefined where the form can't tell. To be called after `finish`. */
  holdings(): Promise<Holdings | undefined>;
  /** Gives everything back; what was not committed is lost. May be called after a failure. */
  close(): Promise<void>;
}
