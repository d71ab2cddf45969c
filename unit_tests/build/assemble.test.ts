import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { inFolder } from "../../integration_tests/input-files.ts";
import { assemble } from "../../scripts/build/assemble.ts";
import { asScript, type Chunk } from "../../scripts/build/bundle.ts";

const LOADER = join(__dirname, "..", "..", "scripts", "build", "part-loader.ts");

/** Runs a program of the given parts. */
async function run(
  chunks: readonly Chunk[],
  use: (file: string, text: string) => Promise<void>,
): Promise<void> {
  const text = assemble(await asScript(readFileSync(LOADER, "utf8"), "loader"), chunks);
  await inFolder(async (folder) => {
    const file = join(folder, "main.js");
    writeFileSync(file, text);
    await use(file, text);
  });
}

describe("assemble", () => {
  it("runs the first part, and each other one when it is first asked for", async () => {
    const chunks = [
      { name: "./main.js", code: 'console.log("main"); require("./b.js"); require("./b.js");\n' },
      { name: "./a.js", code: 'console.log("a"); exports.a = 1;\n' },
      {
        name: "./b.js",
        code: 'console.log("b", require("./a.js").a, require("node:path").sep);\n',
      },
      { name: "./c.js", code: 'console.log("never");\n' },
    ];
    await run(chunks, async (file) => {
      expect(execFileSync(process.execPath, [file], { encoding: "utf8" })).toBe("main\na\nb 1 /\n");
    });
  });

  it("keeps code that would end a comment", async () => {
    const code = `/* one */ console.log("*/*", /a*/.test("a"), part.url.startsWith("file:///")) /* two */\n`;
    const chunks = [
      { name: "./main.js", code: 'require("./held.js");\n' },
      { name: "./held.js", code },
    ];
    await run(chunks, async (file) => {
      expect(execFileSync(process.execPath, [file], { encoding: "utf8" })).toBe("*/* true true\n");
    });
  });

  it("leaves lines as they are in stack traces", async () => {
    const chunks = [
      { name: "./main.js", code: 'require("./fails.js");\n' },
      { name: "./fails.js", code: '\n\nthrow new Error("on purpose");\n' },
    ];
    await run(chunks, async (file, text) => {
      const line = text.split("\n").findIndex((words) => words.includes("on purpose")) + 1;
      expect(spawnSync(process.execPath, [file], { encoding: "utf8" }).stderr).toContain(`main.js:${line}:7`);
    });
  });
});
