/** What people see is what has been looked at: the committed transcripts, which `npm run transcripts` writes. */
import { describe, it } from "@jest/globals";
import { expectTranscripts, PATIENCE_MS } from "./compare.ts";

describe("three people", () => {
  it.each(["60-columns", "80-columns", "120-columns", "pipe"] as const)(
    "see what the transcript has: %s",
    (name) => expectTranscripts(name),
    PATIENCE_MS,
  );
});
