import http, { type ClientRequest, type IncomingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";
import { EXPORT_PATH } from "./endpoints.ts";
import { isObject } from "./json.ts";
import { DEMO_API_KEY, DEMO_SECRET_KEY } from "./options.ts";
import type { FakeApi } from "./server.ts";

/** An answer as it came over the wire. */
export interface Heard {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Before any decompression. */
  readonly bytes: Buffer;
}

/** How to ask, where not by a POST of JSON to the export path. */
export interface Manner {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sees the request before it goes out. */
  readonly onRequest?: (request: ClientRequest) => void;
}

/** Both keys of the demo account. */
export const KEYS = { apiKey: DEMO_API_KEY, secretKey: DEMO_SECRET_KEY } as const;

/** Sends a body (text as it is, all else as JSON) on a connection of its own; rejects as the connection does. */
export function send(api: FakeApi, body: unknown, manner: Manner = {}): Promise<Heard> {
  const { method = "POST", path = EXPORT_PATH, headers = {} } = manner;
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      api.url + path,
      { method, agent: false, headers: { "content-type": "application/json", ...headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            bytes: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    manner.onRequest?.(outgoing);
    outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

/** Asks for sessions with the demo keys. */
export function ask(api: FakeApi, body: object = {}, manner: Manner = {}): Promise<Heard> {
  return send(api, { ...KEYS, ...body }, manner);
}

/** The answer's text, decompressed if need be. */
export function textOf({ headers, bytes }: Heard): string {
  return (headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** The answer's JSON. @throws SyntaxError if it is none */
export function jsonOf(heard: Heard): unknown {
  return JSON.parse(textOf(heard));
}

/** What is in a page of sessions. */
export interface HeardPage {
  readonly total: unknown;
  readonly to: unknown;
  readonly data: readonly unknown[];
}

/** The page in an answer. @throws Error if there is none */
export function pageOf(heard: Heard): HeardPage {
  const body = jsonOf(heard);
  const exports = isObject(body) ? body["exports"] : undefined;
  const data = isObject(exports) ? exports["data"] : undefined;
  if (!isObject(exports) || !Array.isArray(data)) throw new Error(`no page: ${textOf(heard).slice(0, 200)}`);
  return { total: exports["total"], to: exports["to"], data };
}

/** One field of each row of a page. */
export function column(page: HeardPage, field: string): readonly unknown[] {
  return page.data.map((row) => (isObject(row) ? row[field] : undefined));
}

/** All rows' values of a field, read as a simple reader does: page by page until as many have come as there are. */
export async function readPages(api: FakeApi, body: object, field: string): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for (;;) {
    const page = pageOf(await ask(api, { ...body, from: values.length }));
    values.push(...column(page, field));
    if (page.data.length === 0 || values.length >= Number(page.total)) return values;
  }
}
