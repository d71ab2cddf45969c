import { type Http, HttpError, type HttpResponse } from "../../src/browsee/http.ts";

/** What becomes of one request, and after how long. */
export interface Scripted {
  /** Until the answer, or until the connection breaks. */
  readonly ms: number;
  readonly status: number | "reset" | "unreachable";
  readonly retryAfterS?: number;
}

/** An API that answers after a script; once it is used up, at once with an empty page. */
export interface ScriptedApi {
  readonly http: Http;
  /** The bodies of the requests, oldest first. */
  readonly bodies: readonly string[];
  /** The most requests that it was at work on at one time, those that nobody waits for any more included. */
  mostOpen(): number;
}

const EMPTY_PAGE = JSON.stringify({ status: "success", exports: { total: 0, to: 0, data: [] } });

/** @param lingers whether it stays at work as long again on a request whose client has gone */
export function scriptedApi(script: readonly Scripted[], lingers: boolean): ScriptedApi {
  const bodies: string[] = [];
  let open = 0;
  let mostOpen = 0;

  function post(_path: string, body: string, giveUp: AbortSignal): Promise<HttpResponse> {
    const { ms, status, retryAfterS } = script[bodies.length] ?? { ms: 0, status: 200 };
    const begun = performance.now();
    bodies.push(body);
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    const done = () => {
      open -= 1;
    };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        if (status === "reset" && lingers) setTimeout(done, performance.now() - begun);
        else done();
        if (typeof status === "string") reject(new HttpError(new Error(status), status === "reset"));
        else resolve(response(status, retryAfterS));
      }, ms);
      giveUp.addEventListener("abort", () => {
        clearTimeout(timer);
        setTimeout(done, lingers ? performance.now() - begun : 0);
        reject(new HttpError(new Error("given up"), true));
      });
    });
  }

  return {
    http: { post, close: () => undefined },
    bodies,
    mostOpen: () => mostOpen,
  };
}

function response(status: number, retryAfterS: number | undefined): HttpResponse {
  const headers = new Map(retryAfterS === undefined ? [] : [["retry-after", String(retryAfterS)]]);
  const body = status === 200 ? EMPTY_PAGE : JSON.stringify({ message: { error: "Its words." } });
  return { status, headers, body: Buffer.from(body) };
}
