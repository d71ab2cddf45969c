import { jest } from "@jest/globals";
import fc from "fast-check";
import { type Client, createClient, type Wait } from "../../src/browsee/client.ts";
import { Cancelled, ConnectorError } from "../../src/errors.ts";
import { createRedact } from "../../src/redact.ts";
import { type Scripted, type ScriptedApi, scriptedApi } from "./scripted-api.ts";

const EXPORT = { path: "/export", parameters: {} };
const KEYS = { apiKey: "demo-api-key-0123456789", secretKey: "demo-secret-key-9876543210" };
const QUERY = { start: 1, end: 2, from: 0, limit: 100 };
const TIMEOUT_MS = 10_000;
/** Of a page, in a setting. */
export const DEADLINE_MS = 100_000;

/** Ends as the page does: with the error where there is one. */
export type Outcome = "page" | ConnectorError | Cancelled;

/** A client, and what can be seen of it. */
export interface Setting {
  readonly api: ScriptedApi;
  readonly client: Client;
  readonly waits: readonly Wait[];
  readonly stop: AbortController;
  ask(from?: number): Promise<Outcome>;
}

/** A client in front of a scripted API. @param now the clock on the wall, Unix ms */
export function setUp(script: readonly Scripted[], lingers = false, now: () => number = () => 0): Setting {
  const api = scriptedApi(script, lingers);
  const waits: Wait[] = [];
  const stop = new AbortController();
  const client = createClient({
    http: api.http,
    keys: KEYS,
    origin: "https://api.example",
    redact: createRedact(Object.values(KEYS)),
    timeoutMs: TIMEOUT_MS,
    deadlineMs: DEADLINE_MS,
    monotonicNow: () => performance.now(),
    now,
    random: () => 0.5,
    sleep,
    onWait: (wait) => void waits.push(wait),
  });
  const ask = (from = 0): Promise<Outcome> =>
    client.page(EXPORT, { ...QUERY, from }, stop.signal).then(
      () => "page" as const,
      (error: unknown) => {
        if (error instanceof ConnectorError || error instanceof Cancelled) return error;
        throw error;
      },
    );
  return { api, client, waits, stop, ask };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const wake = () => {
      clearTimeout(timer);
      reject(new Cancelled("asleep"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", wake);
      resolve();
    }, ms);
    signal.addEventListener("abort", wake);
  });
}

/** Lets time pass until a promise has its value. */
export async function settled<T>(promise: Promise<T>): Promise<T> {
  let open = true;
  const watched = promise.finally(() => {
    open = false;
  });
  while (open) await jest.advanceTimersToNextTimerAsync();
  return watched;
}

const statuses = fc.constantFrom<Scripted["status"]>(200, 429, 500, 503, 504, "reset", "unreachable");
/** What an API may do with each request. */
export const scripts: fc.Arbitrary<readonly Scripted[]> = fc.array(
  fc
    .record({ ms: fc.nat(15_000), status: statuses, retryAfterS: fc.option(fc.nat(30), { nil: undefined }) })
    .map(({ ms, status, retryAfterS }) => ({
      ms,
      status,
      ...(retryAfterS !== undefined && { retryAfterS }),
    })),
  { maxLength: 12 },
);
