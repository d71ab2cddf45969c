import { ConnectorError, Stopped } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { networkFailure } from "./network-error.ts";
import type { Page, PageQuery } from "./page.ts";
import { type Export, type Keys, requestBody } from "./request.ts";
import { waitBeforeRetry } from "./retry.ts";
import type { Transport } from "./transport.ts";
import type { Trouble } from "./trouble.ts";

/** A wait before the next attempt, told to whoever watches. */
export interface Wait {
  readonly ms: number;
  readonly attempts: number;
  readonly trouble: Trouble;
}

/** What the client needs from outside, so that it can be run without a clock or a network. */
export interface ClientParts {
  readonly transport: Transport;
  readonly keys: Keys;
  /** Origin of the API, for messages. */
  readonly origin: string;
  readonly redact: Redact;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  /** Monotonic ms. */
  readonly clock: () => number;
  /** Unix ms. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resolves after ms, or rejects as soon as the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onWait: (wait: Wait) => void;
}

/** The API, one request at a time. */
export interface Client {
  /**
   * One page, asked for again for as long as the deadline allows.
   * @throws ConnectorError, or Stopped once the signal is aborted
   */
  page(what: Export, query: PageQuery, signal: AbortSignal): Promise<Page>;
  /** Requests sent so far, repeated ones included. */
  requests(): number;
}

/** A client; calls wait for one another, so that there is never a second open request. */
export function createClient(parts: ClientParts): Client {
  let requests = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function attempt(
    what: Export,
    query: PageQuery,
    stop: AbortSignal,
    timeoutMs: number,
  ): Promise<Answer> {
    const cancel = new AbortController();
    const onStop = () => cancel.abort();
    const timer = setTimeout(onStop, timeoutMs);
    stop.addEventListener("abort", onStop);
    try {
      if (stop.aborted) throw new Stopped("no request any more");
      requests += 1;
      const body = requestBody(parts.keys, what, query);
      const raw = await parts.transport.post(what.path, body, cancel.signal);
      return readAnswer(raw, parts.redact, parts.now());
    } catch (error) {
      if (stop.aborted) throw new Stopped("the request was given up");
      if (cancel.signal.aborted) {
        return {
          ok: false,
          kind: "timeout",
          words: `no whole answer within ${Math.round(timeoutMs / 1000)} s`,
        };
      }
      return networkFailure(error, parts.origin);
    } finally {
      clearTimeout(timer);
      stop.removeEventListener("abort", onStop);
    }
  }

  async function retried(what: Export, query: PageQuery, stop: AbortSignal): Promise<Page> {
    const begun = parts.clock();
    for (let attempts = 1; ; attempts += 1) {
      const answer = await attempt(what, query, stop, parts.timeoutMs);
      if (answer.ok) return answer.page;
      if (answer.kind === "refused") throw answer.error;
      const elapsedMs = parts.clock() - begun;
      const { deadlineMs, timeoutMs } = parts;
      const ms = waitBeforeRetry(answer, { attempts, elapsedMs, deadlineMs, timeoutMs }, parts.random());
      if (ms === undefined) throw givenUp(answer, attempts, elapsedMs, parts.redact);
      parts.onWait({ ms, attempts, trouble: answer });
      await parts.sleep(ms, stop);
    }
  }

  return {
    requests: () => requests,
    page(what, query, signal) {
      const turn = last.then(() => retried(what, query, signal));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function givenUp(trouble: Trouble, attempts: number, elapsedMs: number, redact: Redact): ConnectorError {
  const words = redact(trouble.words);
  const tried = `${attempts} attempts in ${Math.round(elapsedMs / 1000)} s`;
  if (trouble.kind === "contract") {
    return new ConnectorError({
      code: "contract_broken",
      failureType: "system_error",
      message: `Browsee's answer is not what its documentation promises: ${words}. Run the sync again later; if it stays, report it to Browsee's support.`,
      detail: `${words}; ${tried}`,
    });
  }
  return new ConnectorError({
    code: "api_unavailable",
    failureType: "transient_error",
    message: `Browsee's API gave no page: ${words} (${tried}). Run the sync again later; it goes on where it stopped.`,
    detail: `${trouble.kind}: ${words}; ${tried}`,
  });
}
