import { type Answer, readAnswer } from "../../src/browsee/answer.ts";
import { createKeyMask } from "../../src/browsee/key-mask.ts";
import type { Fields } from "../../src/browsee/page.ts";
import { createRowLayout } from "../../src/browsee/row-layout.ts";
import { createRedact } from "../../src/redact.ts";

/** The key that is hidden in what `read` gives. */
export const KEY = "demo-api-key-0123456789";
/** What rows are expected to have here. */
const LAYOUT = createRowLayout([{ name: "userId", kind: "text" }]);
const NOW = Date.parse("2026-11-23T10:00:00Z");

/** What an answer of the API means. @param body bytes and text as they are, all else as JSON */
export function read(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return readAnswer(
    { status, headers: new Map(Object.entries(headers)), body: bytes },
    { redact: createRedact([KEY]), mask: createKeyMask([KEY]), layout: LAYOUT, now: () => NOW },
  );
}

/** A page with its rows as they were understood. @throws Error for an answer that is none */
export function pageOf(answer: Answer): {
  readonly rows: readonly Fields[];
  readonly total: number | undefined;
} {
  if (!answer.ok) throw new Error("no page");
  const { rows, total } = answer.page;
  return { rows: rows.map(({ fields }) => fields), total };
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
