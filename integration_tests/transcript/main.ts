/** Writes the transcripts anew, after a change of what the program says. Look at the difference before it is committed. */
import { writeFileSync } from "node:fs";
import { transcriptPath, transcripts, VIEWS } from "./views.ts";

async function main(): Promise<void> {
  for (const [name, view] of Object.entries(VIEWS)) {
    writeFileSync(transcriptPath(name), (await transcripts(view)).text);
  }
}

void main();
