import { gzipSync } from "node:zlib";
import type { Answer } from "./answer.ts";
import type { ReplyFault, StatusFault } from "./faults.ts";
import { isRecord, type JsonRecord, type JsonValue } from "./json.ts";
import { failureBody, failureReply, htmlReply, jsonReply, type Reply } from "./reply.ts";
import type { ReceivedBody } from "./request.ts";

/** What a reply that goes wrong is made from. */
export interface FaultContext {
  /** What should have been answered. */
  readonly genuine: Answer;
  /** Undefined if the body was not a JSON object. */
  readonly received: ReceivedBody | undefined;
  readonly path: string;
  /** ms since the epoch. */
  readonly now: number;
}

const WORDS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Secret Key invalid.",
  403: "Forbidden",
  408: "Request Timeout",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

function statusReply(fault: StatusFault, now: number): Reply {
  const { status, retryAfterS, words = WORDS[status] ?? "Error" } = fault;
  const headers: Record<string, string> = {};
  if (retryAfterS !== undefined) {
    const date = new Date(now + retryAfterS * 1000).toUTCString();
    headers["retry-after"] = fault.retryAfterAsDate === true ? date : String(retryAfterS);
  }
  return (fault.html ?? status === 502)
    ? htmlReply(status, words, headers)
    : failureReply(status, words, headers);
}

function echoedKeys(received: ReceivedBody | undefined): string {
  const keys = [String(received?.apiKey), String(received?.secretKey)];
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const forms = [...keys, ...keys.map(encodeURIComponent), ...keys.map(base64), base64(keys.join(":"))];
  return `Not accepted: ${forms.join(" ")}`;
}

const SCALARS: readonly JsonValue[] = [42, "session", true, []];

function withData(
  body: JsonRecord,
  change: (rows: readonly JsonValue[]) => JsonValue | undefined,
): JsonRecord {
  const exports = body["exports"];
  if (!isRecord(exports) || !Array.isArray(exports["data"])) return body;
  return { ...body, exports: { ...exports, data: change(exports["data"]) } };
}

/** Every second row replaced, the first being one of them; `replacement` is called with 0, 1, 2, … */
function withEverySecond(body: JsonRecord, replacement: (at: number) => JsonValue): JsonRecord {
  return withData(body, (rows) => rows.map((row, at) => (at % 2 === 0 ? replacement(at / 2) : row)));
}

function brokenGzip(body: JsonRecord): Reply {
  const bytes = gzipSync(JSON.stringify(body));
  // The ten bytes before are the header: from here on no inflater accepts it.
  bytes.fill(0xff, 10, 20);
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8", "content-encoding": "gzip" },
    body: bytes,
  };
}

function cutJson(genuine: Reply): Reply {
  const text = String(genuine.body);
  return { ...genuine, status: 200, body: text.slice(0, Math.floor(text.length * 0.6)) };
}

/** The complete answer that a fault puts in place of the genuine one. */
export function faultReply(fault: ReplyFault, context: FaultContext): Reply {
  const { genuine, received } = context;
  switch (fault.kind) {
    case "status":
      return statusReply(fault, context.now);
    case "redirect":
      return {
        status: fault.status ?? 307,
        headers: { location: new URL(context.path, fault.origin).href },
        body: "",
      };
    case "echo-keys":
      return failureReply(fault.status ?? 400, echoedKeys(received));
    case "html-200":
      return htmlReply(200, "Down for maintenance");
    case "failure-200":
      return jsonReply(200, failureBody(400, "Something went wrong."));
    case "broken-gzip":
      return brokenGzip(genuine.body);
    case "cut-json":
      return cutJson(jsonReply(genuine.status, genuine.body));
    case "no-exports":
      return jsonReply(200, { status: "success" });
    case "no-data":
      return jsonReply(
        200,
        withData(genuine.body, () => undefined),
      );
    case "null-rows":
      return jsonReply(
        200,
        withEverySecond(genuine.body, () => null),
      );
    case "scalar-rows":
      return jsonReply(
        200,
        withEverySecond(genuine.body, (at) => SCALARS[at % SCALARS.length] ?? 0),
      );
    case "empty-page":
      return jsonReply(
        200,
        withData(genuine.body, () => []),
      );
  }
}
