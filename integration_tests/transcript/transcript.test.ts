/** What people see is what has been looked at: the committed transcripts, which `npm run transcripts` writes. */
import { describe, it } from "@jest/globals";
import { expectTranscripts, PATIENCE_MS } from "./compare.ts";

describe("three people at a terminal of 80 columns, without colors", () => {
  it("see what the transcript has", () => expectTranscripts("80-columns"), PATIENCE_MS);
});
