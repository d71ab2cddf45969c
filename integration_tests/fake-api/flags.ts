import { parseArgs } from "node:util";
import type { Drift, DriftPlace } from "./drift.ts";
import { DEMO_API_KEY, DEMO_SECRET_KEY } from "./options.ts";
import { parseSwitches, type Switches } from "./switches.ts";

/** What the command line asks for; times in ms since the epoch, `from` inclusive and `to` exclusive. */
export interface Flags extends Partial<Switches> {
  readonly help: boolean;
  readonly port: number;
  readonly count: number;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly latencyMs: number;
  readonly drift: readonly Drift[];
  readonly gzip: boolean;
  readonly apiKey: string;
  readonly secretKey: string;
}

/** What `--help` prints. */
export const USAGE = `Usage: npm run fake-api -- [flags]

A stand-in for Browsee's data export API, with invented sessions.

  --port N          port on 127.0.0.1, 0 for any that is free (default 4010)
  --count N         how many sessions (default 20000)
  --seed N          what they are drawn from (default 1)
  --days N          they start within the last N days (default 30)
  --from T --to T   or in this time: ISO 8601 or ms since the epoch
  --order NAME      ascending (default), descending, insertion, newest, activity, duration, arbitrary or random
  --ties NAME       lasting (default) or random: the order of rows that are equal in that
  --filter NAME     what start and end are held against: start (default), end, within, overlap, minutes, hours,
                    shifted, start-ignored, end-ignored or ignored
  --shift S         how much too late a start is taken to be, with --filter shifted
  --page-size N     rows in an answer, at most 100 (default 100)
  --total NAME      what total says: right (default), late, page, absent, negative, text, more, less, alternating
  --cap N           total is never above N
  --ends N          neither rows nor total go beyond N
  --lag N           a new session is not in a late count, nor in a replica, for N requests
  --replicas 1      every other request is answered by such a replica
  --latency MS      how long every answer takes (default 0)
  --drift RULE      move the set while it is read, e.g. every=7,insert=1,remove=1,where=anywhere; may be repeated
  --no-gzip         never compress
  --api-key KEY --secret-key KEY
`;

const PLACES: readonly DriftPlace[] = ["head", "tail", "anywhere"];
const DAY_MS = 86_400_000;

function integer(name: string, text: string, least = 0): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be an integer from ${least} up, not "${text}"`);
  }
  return value;
}

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((value) => value === text);
  if (found === undefined) throw new RangeError(`${name} must be one of ${known.join(", ")}, not "${text}"`);
  return found;
}

function time(name: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a time, not "${text}"`);
  return value;
}

/** Reads a rule such as `every=7,insert=1,remove=1,where=anywhere`. @throws RangeError if it is none */
export function parseDrift(text: string): Drift {
  const parts = new Map(
    text.split(",").map((part) => [part.split("=", 1)[0] ?? "", part.replace(/^[^=]*=?/, "")]),
  );
  const unknown = [...parts.keys()].find(
    (name) => !["every", "insert", "remove", "change", "where"].includes(name),
  );
  if (unknown !== undefined) throw new RangeError(`--drift has no "${unknown}"`);
  const number = (name: string, least = 0) => integer(`${name} in --drift`, parts.get(name) ?? "0", least);
  return {
    every: number("every", 1),
    insert: number("insert"),
    remove: number("remove"),
    change: number("change"),
    where: oneOf("where in --drift", parts.get("where") ?? "anywhere", PLACES),
  };
}

/**
 * Reads the command line.
 * @param args without the program
 * @param now ms since the epoch
 * @throws TypeError for an unknown flag, RangeError for a value that does not fit
 */
export function parseFlags(args: readonly string[], now: number): Flags {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { ...flag, short: "h" },
      port: { ...text, default: "4010" },
      count: { ...text, default: "20000" },
      seed: { ...text, default: "1" },
      days: { ...text, default: "30" },
      from: text,
      to: text,
      order: text,
      ties: text,
      filter: text,
      shift: text,
      "page-size": text,
      total: text,
      cap: text,
      ends: text,
      lag: text,
      replicas: text,
      latency: { ...text, default: "0" },
      drift: { ...text, multiple: true, default: [] },
      gzip: flag,
      "no-gzip": flag,
      "api-key": { ...text, default: DEMO_API_KEY },
      "secret-key": { ...text, default: DEMO_SECRET_KEY },
    },
  });
  const { order, ties, filter, shift, total, cap, ends, lag, replicas } = values;
  const switches = { order, ties, filter, shift, total, cap, ends, lag, replicas };
  const to = values.to === undefined ? now : time("--to", values.to);
  const from =
    values.from === undefined ? to - integer("--days", values.days, 1) * DAY_MS : time("--from", values.from);
  if (!(from < to)) throw new RangeError("--from must be before --to");
  return {
    help: values.help === true,
    port: integer("--port", values.port),
    count: integer("--count", values.count),
    seed: integer("--seed", values.seed),
    from,
    to,
    ...parseSwitches({ ...switches, pageSize: values["page-size"] }),
    latencyMs: integer("--latency", values.latency),
    drift: values.drift.map(parseDrift),
    gzip: values["no-gzip"] !== true,
    apiKey: values["api-key"],
    secretKey: values["secret-key"],
  };
}
