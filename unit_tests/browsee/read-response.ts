import { createKeyMask } from "../../src/browsee/key-mask.ts";
import { type Page, type PageResult, readResponse } from "../../src/browsee/response.ts";
import { createRedact } from "../../src/redact.ts";

/** The key that is hidden in what `read` gives. */
export const KEY = "demo-api-key-0123456789";
const NOW = Date.parse("2026-11-23T10:00:00Z");

/** What a response of the API means. @param body bytes and text as they are, all else as JSON */
export function read(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): PageResult {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return readResponse(
    { status, headers: new Map(Object.entries(headers)), body: bytes },
    { redact: createRedact([KEY]), mask: createKeyMask([KEY]), now: () => NOW },
  );
}

/** The page of a result. @throws Error for one that is none */
export function pageOf(result: PageResult): Page {
  if (!result.ok) throw new Error("no page");
  return result.page;
}

/** What kind of failure a response is; for a fatal one who is to act on it. */
export function kindOf(result: PageResult): string {
  if (result.ok) return "page";
  return result.kind === "fatal" ? result.error.failureType : result.kind;
}

/** What a response that is no page says. @throws Error for a page */
export function messageOf(result: PageResult): string {
  if (result.ok) throw new Error("a page");
  return result.kind === "fatal" ? result.error.message : result.message;
}

/** The body of a failure as the API documents it. */
export function failure(error: string, status = "failure"): object {
  return { status, message: { error } };
}
