import { readFileSync } from "node:fs";
import { expect } from "@jest/globals";
import { transcriptPath, transcripts, VIEWS } from "./views.ts";

/** For some forty commands, one after another, on a machine that does other things too; ms. */
export const PATIENCE_MS = 300_000;

/** Has all people type their lines. @throws where what they see is not as committed, or has colors where it should not */
export async function expectTranscripts(name: keyof typeof VIEWS): Promise<void> {
  const view = VIEWS[name];
  const { text, colored } = await transcripts(view);
  expect(text).toBe(readFileSync(transcriptPath(name), "utf8"));
  expect(colored).toBe(view.color && view.columns !== undefined);
}
