import { createBodyParser } from "../../src/browsee/parse-body.ts";
import { type Page, readResponse } from "../../src/browsee/response.ts";
import { RetriableFailure } from "../../src/browsee/retry.ts";
import { ConnectorError } from "../../src/errors.ts";
import { createRedact } from "../../src/redact.ts";

/** The key that is hidden in what `read` gives. */
export const KEY = "demo-api-key-0123456789";
const NOW = Date.parse("2026-11-23T10:00:00Z");

/** What a response of the API means. @returns a page, or what it ends with @param body bytes and text as they are, all else as JSON */
export function read(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Page | RetriableFailure | ConnectorError {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  try {
    return readResponse(
      { status, headers: new Map(Object.entries(headers)), body: bytes },
      { redact: createRedact([KEY]), parseBody: createBodyParser([KEY]), now: () => NOW },
    );
  } catch (error) {
    if (error instanceof RetriableFailure || error instanceof ConnectorError) return error;
    throw error;
  }
}

type Answer = ReturnType<typeof read>;

/** The page of an answer. @throws Error for one that is none */
export function pageOf(answer: Answer): Page {
  if (answer instanceof Error) throw new Error("no page");
  return answer;
}

/** What kind of failure a response is; for a fatal one who is to act on it. */
export function kindOf(answer: Answer): string {
  if (!(answer instanceof Error)) return "page";
  return answer instanceof RetriableFailure ? answer.kind : answer.failureType;
}

/** What a response that is no page says. @throws Error for a page */
export function messageOf(answer: Answer): string {
  if (!(answer instanceof Error)) throw new Error("a page");
  return answer.message;
}

/** The body of a failure as the API documents it. */
export function failure(error: string, status = "failure"): object {
  return { status, message: { error } };
}
