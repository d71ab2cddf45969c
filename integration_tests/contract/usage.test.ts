/** Wrong command lines: what is said, and what is not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { configFor, understand } from "../connector.ts";
import { startFakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { runProgram } from "../program.ts";
import { terminal } from "../terminal.ts";

/** What is said of a command line that is wrong, on stdout and stderr. */
async function said(args: readonly string[], through: readonly string[] = []): Promise<string> {
  const { code, lines, rest, stderr } = await runProgram(args, { through, env: { TERM: "xterm" } });
  expect(code).toBe(1);
  const text = [...lines, rest, stderr].join("\n").replaceAll("\r", "").trim();
  expect(PAGE).toContain(problemIn(text));
  return text;
}

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "errors.md"), "utf8");

/** What docs/errors.md has to explain, with … for what differs. */
function problemIn(text: string): string {
  const message: string = text.startsWith("{") ? JSON.parse(text).trace.error.message : text;
  const [sentence = ""] = message.split(/[.:] (?=[A-Z])/);
  return sentence
    .replace(/(?<=There is no (command|option) ).*/, "…")
    .replace(/^\w+ can't do anything with .*/, "… can't do anything with …")
    .replace(/(?<=Name a command: ).*/, "… or …")
    .replace(/--[a-z-]+(?= (is|must be|needs))/, "--…");
}

describe("an option that is given twice", () => {
  it.each([
    [["check", "--config", "a", "--config", "b"], "config"],
    [["read", "--config", "a", "--catalog", "b", "--catalog=c"], "catalog"],
    [["read", "--config", "a", "--catalog", "b", "--state", "c", "--state", "c"], "state"],
    [["export", "--to", "a.csv", "--to", "b.csv"], "to"],
    [["export", "--to", "a.csv", "--lookback-hours", "1", "--lookback-hours", "2"], "lookback-hours"],
    [["export", "--to", "a.csv", "--start-date", "2024-01-01", "--startDate", "2024-01-01"], "start-date"],
    [["export", "--to", "a.csv", "--full", "--full"], "full"],
    [["export", "--to", "a.csv", "--quiet", "--json", "--quiet=true"], "quiet"],
  ])("%j is refused by its name", async (args, name) => {
    expect(await said(args)).toContain(`--${name} is given twice`);
  });
});

describe("what is misspelled", () => {
  it.each([
    [["raed"], "Did you mean read?"],
    [["check", "--confg", "x"], "Did you mean --config?"],
    [["export", "--to", "a.csv", "--stat-date", "1d"], "Did you mean --start-date?"],
    [["export", "--too", "a.csv"], "Did you mean --to?"],
    [["export", "--to", "a.csv", "--quite"], "Did you mean --quiet?"],
    [
      ["export", "--to", "a.csv", "--api-key", "x"],
      "Set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment",
    ],
  ])("%j is told with the nearest", async (args, words) => {
    expect(await said(args)).toContain(words);
  });

  it.each([
    [["export", "--to", "a.csv", "--verbose"]],
    [["export", "--to", "a.csv", "--verbose", "--other"]],
    [["export", "--to", "a.csv", "more"]],
    [["extract"]],
    [["read"]],
    [["check"]],
    [["check", "--config"]],
    [["export", "--to", ""]],
    [["export", "--to="]],
    [["verify", ""]],
    [[]],
  ])("or wrong in another way is told without a guess where nothing is near: %j", async (args) => {
    expect(await said(args)).not.toContain("Did you mean");
  });
});

describe("what looks like JSON or a key", () => {
  const KEY = "0123456789abcdef0123456789abcdef";
  it.each([
    [["check", "--config", `{"api_key":"hush","secret_key":"hush"}`]],
    [["check", "--config", `api_key: "hush"`]],
    [["check", "--config", KEY]],
    [["read", "--config", KEY, "--catalog", KEY]],
    [[KEY]],
    [[`{"api_key":"hush"}`]],
    [["spec", KEY]],
    [["check", "--config", "x", `{"api_key":"hush"}`]],
    [["export", "--to", KEY]],
    [["export", "--to", "a.csv", `--${KEY}`]],
    [["export", "--to", "a.csv", KEY]],
    [["export", "--to", "a.csv", "--stream", KEY, "--api-url", "http://127.0.0.1:9"]],
    [["export", "--to", "a.csv", "--select", `{"a":"hush"}`, "--api-url", "http://127.0.0.1:9"]],
    [["export", "--to", "a.csv", "--start-date", KEY]],
    [["export", "--to", "a.csv", "--config", KEY]],
  ])("in the wrong place is not said back: %j", async (args) => {
    const env = { BROWSEE_API_KEY: "demo-api-key-1", BROWSEE_SECRET_KEY: "demo-secret-key-1" };
    const { lines, rest, stderr } = await runProgram(args, { env });
    const text = [...lines, rest, stderr].join("\n");
    expect(text).not.toMatch(/hush|0123456|abcdef/);
    expect(text.length).toBeGreaterThan(30);
  });
});

describe("at a terminal", () => {
  it.each([
    [["chekc"], "There is no command chekc. Did you mean check? See node dist/main.js --help."],
    [
      ["check", "--confg", "x"],
      "There is no option --confg. Did you mean --config? See node dist/main.js check --help.",
    ],
  ])("a wrong command line is a sentence: %j", async (args, sentence) => {
    expect((await said(args, terminal(120))).trim()).toBe(sentence);
    expect(understand(await runProgram(args)).errors).toMatchObject([{ message: sentence }]);
  });

  it("check says its verdict as a sentence", async () => {
    const api = await startFakeApi();
    try {
      await inFolder(async (folder) => {
        for (const [fields, words] of [
          [{}, /^Browsee takes these keys\.$/],
          [{ secret_key: "another-key" }, /^Browsee refused the keys .*\.$/],
          [
            { segment_ids: ["a\u001b]0;x\u0007\u202eb"] },
            /^segment_sessions of "a\ufffd\]0;x\ufffd\ufffdb": /,
          ],
        ] as const) {
          const config = configFor(api, fields);
          const args = ["check", ...(await writeInputFiles(folder, { config }))];
          const { lines, code } = await runProgram(args, { through: terminal(120), env: { TERM: "xterm" } });
          expect(code).toBe(0);
          expect(lines.map((line) => line.trim()).join(" ")).toMatch(words);
          const { messages, stderr } = understand(await runProgram(args));
          expect(messages).toMatchObject([{ type: "CONNECTION_STATUS" }]);
          expect(stderr).toBe("");
        }
      });
    } finally {
      await api.close();
    }
  });
});
