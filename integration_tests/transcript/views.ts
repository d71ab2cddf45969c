import { join } from "node:path";
import { PEOPLE } from "./people.ts";
import { transcriptOf, type View } from "./transcript.ts";

/** By the name of its transcript. */
export const VIEWS = {
  "60-columns": { columns: 60, color: true },
  "80-columns": { columns: 80, color: false },
  "120-columns": { columns: 120, color: true },
  pipe: { columns: undefined, color: true },
} as const satisfies Readonly<Record<string, View>>;

/** Where a transcript stands. */
export function transcriptPath(name: string): string {
  return join(__dirname, `${name}.txt`);
}

/** What all people see. */
export async function transcripts(view: View): Promise<{ readonly text: string; readonly colored: boolean }> {
  const all = await Promise.all(PEOPLE.map((person) => transcriptOf(person, view)));
  return { text: all.map(({ text }) => text).join("\n"), colored: all.some(({ colored }) => colored) };
}
