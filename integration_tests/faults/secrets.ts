/** Looks for the demo keys in all that the program says. */
import { KEYS } from "../fake-api/test-client.ts";
import type { Run } from "../program.ts";

/** Every form in which a key could stand somewhere, in parts of eight characters. */
const PARTS: readonly string[] = Object.values(KEYS).flatMap((key) => {
  const bytes = Buffer.from(key);
  const forms = [key, key.toUpperCase(), encodeURIComponent(key), bytes.toString("hex")];
  const inside = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift + 1, -4),
  );
  const parts = [...forms, ...inside].flatMap((form) =>
    [...Array(Math.max(0, form.length - 7)).keys()].map((at) => form.slice(at, at + 8)),
  );
  return parts;
});

/** One pattern for all of them: looking for each by itself took longer than the runs. */
const TRACE = new RegExp([...new Set(PARTS)].map((part) => part.replaceAll(/\W/g, "\\$&")).join("|"));

/** @throws Error where a key, or eight characters in a row of one in any form, stand in what a run has written */
export function expectNoSecret({ lines, rest, stderr }: Pick<Run, "lines" | "rest" | "stderr">): void {
  for (const text of [...lines, rest, stderr]) {
    const [found] = TRACE.exec(text) ?? [];
    if (found !== undefined) throw new Error(`a trace of a key, ${found}, in: ${text}`);
  }
}
