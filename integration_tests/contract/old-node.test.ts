import { describe, expect, it } from "@jest/globals";
import { runProgram } from "../program.ts";

/** Has Node.js say that it is of another version. */
function calledItself(version: string): readonly string[] {
  const versions = `{ value: { ...process.versions, node: "${version}" } }`;
  const code = `Object.defineProperty(process, "versions", ${versions})`;
  return ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
}

describe("a Node.js that is too old", () => {
  it.each(["4.9.1", "18.20.8", "20.18.3"])(
    "%s is told in one sentence, first of all, which one is needed",
    async (version) => {
      const run = await runProgram(["spec"], { nodeArgs: calledItself(version) });
      const stderr = `source-browsee needs Node.js 20.19 or later, and this is Node.js ${version}. Install a newer one from https://nodejs.org.\n`;
      expect(run).toMatchObject({ code: 1, lines: [], rest: "", stderr });
    },
  );

  it.each(["20.19.0", "22.0.0", "100.1.0"])("%s is not", async (version) => {
    expect(await runProgram(["spec"], { nodeArgs: calledItself(version) })).toMatchObject({
      code: 0,
      stderr: "",
    });
  });
});
