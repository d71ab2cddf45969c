import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { KEYS, type Step } from "./people.ts";
import { steady, transcriptOf } from "./transcript.ts";

/** The commands, and where it stands what they print. */
const BLOCKS = /### On its own\n\n```sh\n(.*?)```\n(.*?)\n## /s;

it("README.md's commands, pasted one after another, print what it says", async () => {
  const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");
  const [, commands = "", said = ""] = BLOCKS.exec(readme) ?? [];
  // The build is what is tested.
  const typed = commands.split("\n").filter((line) => /^(export|node) /.test(line));
  const steps: readonly Step[] = typed.map((command) => ({ command, env: KEYS }));
  expect(typed).toHaveLength(3);
  const { text } = await transcriptOf({ title: "README.md", steps }, { columns: 80, color: false });
  const printed = text.split("\n").map(withoutRequests);
  const expected = [...steady(said).matchAll(/(?:says|ends with) `([^`]+)`/g)].map(([, line = ""]) =>
    withoutRequests(line),
  );
  expect(expected).toHaveLength(2);
  expect(printed.filter((line) => expected.includes(line))).toEqual(expected);
  expect(text).not.toContain("[exit code");
});

/** The years before the first session take more or fewer, by how long ago that was. */
function withoutRequests(line: string): string {
  return line.replace(/\d+ requests/, "… requests");
}
