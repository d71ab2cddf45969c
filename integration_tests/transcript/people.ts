/** Three people who use the program for the first time. */
import type { Fault } from "../fake-api/faults.ts";

/** Something that happens while a command runs, at one of its requests, before the API answers. */
export interface Happening {
  /** Number of the request, from 1 for each command. */
  readonly request: number;
  /** "look" puts what stands on the screen into the transcript; a fault is what the API answers instead. */
  readonly what: "look" | "interrupt" | Fault;
}

/** A line that a person types. */
export interface Step {
  readonly command: string;
  /** A remark of the transcript's, above it. */
  readonly remark?: string;
  readonly happenings?: readonly Happening[];
  /** Whether nobody answers at the API's address. */
  readonly isDown?: boolean;
  /** Has Ctrl-C typed once this stands on the screen. */
  readonly interruptAt?: RegExp;
  /** Environment from this step on. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A person, and what they type. */
export interface Person {
  readonly title: string;
  readonly steps: readonly Step[];
}

const JANUARY = "--start-date 2024-01-01 --end-date 2024-02-01";
const EXPORT = `source-browsee export --to sessions.duckdb ${JANUARY}`;
/** Of the stand-in. */
export const KEYS = {
  BROWSEE_API_KEY: "demo-api-key-0123456789",
  BROWSEE_SECRET_KEY: "demo-secret-key-9876543210",
};
const SETS_KEYS: Step = { command: "export BROWSEE_API_KEY=… BROWSEE_SECRET_KEY=…", env: KEYS };

const FIRST_TRY: Person = {
  title: "A first try",
  steps: [
    { command: "source-browsee check" },
    SETS_KEYS,
    { command: "source-browsee check" },
    { command: EXPORT, happenings: [{ request: 12, what: "look" }] },
    { command: EXPORT, remark: "The same again" },
    { command: `${EXPORT} --full`, remark: "All of it again" },
    { command: "source-browsee verify sessions.duckdb" },
    { command: `${EXPORT} --segment mobile-visitors --segment from-campaigns` },
    { command: `source-browsee export --to - ${JANUARY} | head -n 1 | cut -c 1-50` },
    { command: `source-browsee export --to sessions.csv ${JANUARY} --select country,city` },
  ],
};

const MISTAKES: Person = {
  title: "A mistake",
  steps: [
    { command: "source-browsee" },
    { command: "source-browsee exprot" },
    { command: "source-browsee export" },
    { command: "source-browsee export sessions.csv" },
    { command: "source-browsee export --to sessions.duckdb --strat-date 30d" },
    { command: "source-browsee export --to sessions.duckdb --api-key 0123456789abcdef" },
    { command: "source-browsee export --to sessions.xlsx", env: KEYS },
    { command: "source-browsee export --to sessions.duckdb --lookback-hours x" },
    { command: "source-browsee export --to sessions.duckdb --start-date 31.1.2024" },
    { command: "source-browsee export --to sessions.duckdb --stream visitors" },
    { command: "source-browsee export --to sessions.duckdb --select town" },
    { command: "source-browsee export --to missing/sessions.csv" },
    { command: "source-browsee check --config confg.json" },
    { command: "BROWSEE_SECRET_KEY=another-key-55555 source-browsee check" },
    { command: `BROWSEE_SECRET_KEY=another-key-55555 ${EXPORT}` },
    { command: `${EXPORT} --segment no-such-segment --stream segment_sessions` },
    { command: "source-browsee --help" },
    { command: "source-browsee export --help" },
  ],
};

const LONG_RUN: Person = {
  title: "A long run that is interrupted",
  steps: [
    SETS_KEYS,
    { command: EXPORT, isDown: true, interruptAt: /trying again/ },
    {
      command: EXPORT,
      happenings: [
        { request: 10, what: "look" },
        {
          request: 18,
          what: { kind: "status", status: 503, words: "Down for maintenance.", retryAfterS: 3 },
        },
        { request: 22, what: "look" },
        { request: 24, what: "interrupt" },
      ],
    },
    { command: EXPORT, happenings: [{ request: 8, what: "look" }] },
    { command: EXPORT, happenings: [{ request: 1, what: "interrupt" }] },
    {
      command: `source-browsee export --to other.csv ${JANUARY}`,
      happenings: [{ request: 1, what: "interrupt" }],
    },
  ],
};

export const PEOPLE: readonly Person[] = [FIRST_TRY, MISTAKES, LONG_RUN];
