import type { RawAnswer } from "../../src/http/raw-answer.ts";
import { TransportError } from "../../src/http/transport-error.ts";

/** What came of a request: status and body, or whether it was sent and why there is no answer. */
export async function outcomeOf(answer: Promise<RawAnswer>): Promise<string> {
  try {
    const { status, body } = await answer;
    return `${status} ${body.toString("latin1")}`;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return `${error.sent ? "sent" : "not sent"}: ${error.message}`;
  }
}
