import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { JsonRecord } from "./json.ts";

/** A complete answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" } as const;
/** Below this, compressing costs more than it saves. */
const GZIP_FROM = 1024;

/** An answer in JSON. */
export function jsonReply(status: number, body: JsonRecord, headers: Reply["headers"] = {}): Reply {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

/** The body of an error as the API documents it: 401 has a word of its own, all others are failures. */
export function failureBody(status: number, words: string): JsonRecord {
  return { status: status === 401 ? "unauthorized" : "failure", message: { error: words } };
}

/** An error in the API's form. */
export function failureReply(status: number, words: string, headers: Reply["headers"] = {}): Reply {
  return jsonReply(status, failureBody(status, words), headers);
}

/** An error page as proxies have them. */
export function htmlReply(status: number, words: string, headers: Reply["headers"] = {}): Reply {
  const page = `<!DOCTYPE html>\n<html><head><title>${words}</title></head><body><h1>${words}</h1></body></html>\n`;
  return { status, headers: { "content-type": "text/html; charset=utf-8", ...headers }, body: page };
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = request.headers["accept-encoding"];
  return (
    typeof accepted === "string" &&
    /(?:^|[\s,])(?:gzip|\*)(?!\s*;\s*q=0(?:\.0*)?(?:\s*,|\s*$))/i.test(accepted)
  );
}

/** Sends a whole answer, compressed if that is allowed and wanted. */
export function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  gzip: boolean,
): void {
  const plain = typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
  const compress =
    gzip &&
    plain.length >= GZIP_FROM &&
    reply.headers["content-encoding"] === undefined &&
    acceptsGzip(request);
  const body = compress ? gzipSync(plain, { level: 1 }) : plain;
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(compress ? { "content-encoding": "gzip", vary: "accept-encoding" } : {}),
    "content-length": body.length,
  });
  response.end(body);
}
