import { ConnectorError } from "../errors.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { createKeyMask } from "./key-mask.ts";
import type { Page, PageQuery } from "./page.ts";
import { type Export, type Keys, requestBody } from "./request.ts";
import { attemptMs, settlingMs, waitBeforeRetry } from "./retry.ts";
import type { SendParts } from "./send.ts";
import type { Trouble } from "./trouble.ts";
import { createWire, type Sent } from "./wire.ts";

/** A wait before the next attempt, told to whoever watches. */
export interface Wait {
  readonly ms: number;
  /** How often the page has been asked for; 0 where the trouble was an earlier page's. */
  readonly attempts: number;
  readonly trouble: Trouble;
}

/** What the client needs from outside, so that it can be run without a clock or a network. */
export interface ClientParts extends SendParts {
  readonly keys: Keys;
  /** How long one request may take, from sending to the last byte. */
  readonly timeoutMs: number;
  /** How long one page may be asked for in all. */
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
   * @param next the page that will be asked for after this one, most likely: it is sent for before this one is parsed
   * @throws ConnectorError, or Stopped once the signal is aborted
   */
  page(what: Export, query: PageQuery, signal: AbortSignal, next?: PageQuery): Promise<Page>;
  /** Requests sent so far, repeated ones included. */
  requests(): number;
}

/** A client; calls wait for one another, so that there is never a second open request. */
export function createClient(parts: ClientParts): Client {
  const { clock, deadlineMs, keys } = parts;
  const reading = { ...parts, mask: createKeyMask([keys.apiKey, keys.secretKey]) };
  const wire = createWire(parts);
  let last: Promise<unknown> = Promise.resolve();
  /** A request that failed, on which the API may be at work until then (monotonic ms). */
  let unsettled: { readonly until: number; readonly trouble: Trouble } | undefined;

  async function pause(wait: Wait, stop: AbortSignal): Promise<void> {
    parts.onWait(wait);
    await parts.sleep(wait.ms, stop);
  }

  /** @returns ms that the request took */
  function note(trouble: Trouble, { at }: Sent): number {
    const failed = clock();
    unsettled = { until: failed + settlingMs(trouble, failed - at), trouble };
    return failed - at;
  }

  /** Resolves once no request is open. */
  async function clear(): Promise<void> {
    const left = wire.forget();
    const outcome = await left?.outcome;
    if (left !== undefined && outcome?.ok === false && outcome.kind !== "refused") note(outcome, left);
  }

  /** Waits until the API must be done with what was asked of it before, unless that is just what is asked for now. */
  async function settle(path: string, body: string, stop: AbortSignal): Promise<void> {
    if (wire.isAhead(path, body)) return;
    await clear();
    const ms = Math.ceil((unsettled?.until ?? 0) - clock());
    if (unsettled !== undefined && ms > 0) await pause({ ms, attempts: 0, trouble: unsettled.trouble }, stop);
  }

  async function answerTo(sent: Sent, goOn: () => void): Promise<Answer> {
    const outcome = await sent.outcome;
    if (!outcome.ok) return outcome;
    if (outcome.response.status === 200) goOn();
    return readAnswer(outcome.response, reading);
  }

  async function retried(
    { path }: Export,
    body: string,
    stop: AbortSignal,
    next: string | undefined,
  ): Promise<Page> {
    await settle(path, body, stop);
    const begun = clock();
    let timeoutMs = parts.timeoutMs;
    let broken = 0;
    for (let attempts = 1; ; attempts += 1) {
      const sent = wire.send(path, body, timeoutMs, stop);
      const answer = await answerTo(sent, () => wire.sendAhead(path, next, parts.timeoutMs, stop));
      if (answer.ok) return answer.page;
      if (answer.kind === "refused") throw answer.error;
      broken += answer.kind === "contract" ? 1 : 0;
      const tookMs = note(answer, sent);
      await clear();
      const state = { attempts, broken, elapsedMs: clock() - begun, deadlineMs, tookMs };
      const ms = waitBeforeRetry(answer, state, parts.random());
      if (ms === undefined) throw givenUp(answer, attempts, state.elapsedMs);
      await pause({ ms, attempts, trouble: answer }, stop);
      timeoutMs = attemptMs(parts.timeoutMs, deadlineMs - (clock() - begun));
    }
  }

  return {
    requests: wire.count,
    page(what, query, signal, next) {
      const bodyOf = (page: PageQuery) => requestBody(keys, what, page);
      const turn = last.then(() => retried(what, bodyOf(query), signal, next && bodyOf(next)));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function givenUp({ kind, words }: Trouble, attempts: number, elapsedMs: number): ConnectorError {
  const tried = `${attempts} ${attempts === 1 ? "attempt" : "attempts"} in ${Math.round(elapsedMs / 1000)} s`;
  const detail = `${kind}: ${words}; ${tried}`;
  if (kind === "contract") {
    return new ConnectorError({
      code: "contract_broken",
      failureType: "system_error",
      message: `Browsee's answer is not what its documentation promises: ${words} (${tried}). Check api_url, and try again later; if it stays, report it to Browsee's support.`,
      detail,
    });
  }
  return new ConnectorError({
    code: "api_unavailable",
    failureType: "transient_error",
    message: `Browsee's API gave no page: ${words} (${tried}). Try again later; a sync goes on where it stopped.`,
    detail,
  });
}
