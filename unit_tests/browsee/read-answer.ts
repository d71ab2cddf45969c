import { type Answer, readAnswer } from "../../src/browsee/answer.ts";
import { createKeyMask } from "../../src/browsee/key-mask.ts";
import type { Page } from "../../src/browsee/page.ts";
import { createRedact } from "../../src/redact.ts";

/** The key that is hidden in what `read` gives. */
export const KEY = "demo-api-key-0123456789";
const NOW = Date.parse("2026-11-23T10:00:00Z");

/** What an answer of the API means. @param body bytes and text as they are, all else as JSON */
export function read(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return readAnswer(
    { status, headers: new Map(Object.entries(headers)), body: bytes },
    { redact: createRedact([KEY]), mask: createKeyMask([KEY]), now: () => NOW },
  );
}

/** The page of an answer. @throws Error for one that is none */
export function pageOf(answer: Answer): Page {
  if (!answer.ok) throw new Error("no page");
  return answer.page;
}

/** What kind of failure an answer is; for a refusal who is to act on it. */
export function kindOf(answer: Answer): string {
  if (answer.ok) return "page";
  return answer.kind === "refused" ? answer.error.failureType : answer.kind;
}

/** What an answer that is no page says in words. @throws Error for a page */
export function wordsOf(answer: Answer): string {
  if (answer.ok) throw new Error("a page");
  return answer.kind === "refused" ? answer.error.message : answer.words;
}

/** The body of a failure as the API documents it. */
export function failure(words: string, status = "failure"): object {
  return { status, message: { error: words } };
}
