import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, catalogOf, configFor, runConnector, understand } from "../connector.ts";
import { inFolder } from "../input-files.ts";
import { runProgram } from "../program.ts";

const DEEP = 100_000;
const config = configFor({ url: "http://127.0.0.1:9" }, { retry_deadline_seconds: 0 });
const RIGHT = { config, catalog: catalogOf(), state: [] };

function expectRefused(run: ConnectorRun, code: RegExp): void {
  expect(run.messages).toHaveLength(1);
  expect(run.errors).toMatchObject([
    {
      failure_type: "config_error",
      message: expect.stringMatching(/\.$/),
      internal_message: expect.stringMatching(code),
    },
  ]);
  expect(run.errors[0]?.message).not.toMatch(/SyntaxError|\bat \w+.*:\d+/);
  expect(run).toMatchObject({ code: 1, signal: null, stderr: "", rest: "" });
}

// What else is no JSON, or no catalog: unit_tests/commands/input-file.test.ts, unit_tests/protocol/.
describe.each([
  ["config", /^config_invalid: /],
  ["catalog", /^catalog_invalid: /],
  ["state", /^state_invalid: /],
] as const)("--%s: one TRACE ERROR, exit 1, no stack trace, for a file that is", (name, code) => {
  it.each([
    ["lists in lists, deep down", "[".repeat(DEEP) + "]".repeat(DEEP)],
    ["gzip", Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe])],
  ])("%s", async (_what, content) => {
    expectRefused(await runConnector("read", { ...RIGHT, [name]: content }), code);
  });

  it("a folder", async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "a folder");
      await mkdir(path);
      for (const [file, content] of Object.entries(RIGHT))
        await writeFile(join(folder, file), JSON.stringify(content));
      const paths = ["config", "catalog", "state"].map((file) => (file === name ? path : join(folder, file)));
      const [configPath = "", catalogPath = "", statePath = ""] = paths;
      const args = ["read", "--config", configPath, "--catalog", catalogPath, "--state", statePath];
      const run = understand(await runProgram(args));
      expectRefused(run, /^file_unreadable: /);
      expect(run.errors[0]?.message).toContain(path);
    });
  });
});

describe("--catalog: streams that there are not", () => {
  const entry = { stream: { name: "sessions", json_schema: {} }, sync_mode: "incremental" };
  it.each(["visitors", "constructor"])("%s, after one that there is", async (name) => {
    const streams = [entry, { ...entry, stream: { name } }];
    expectRefused(await runConnector("read", { ...RIGHT, catalog: { streams } }), /^catalog_invalid: /);
  });
});

describe("input files: what is taken", () => {
  const crlf = (value: unknown) => JSON.stringify(value, undefined, 2).replaceAll("\n", "\r\n");
  it("a byte order mark, CRLF, blank space around", async () => {
    const run = await runConnector("read", {
      config: `\ufeff${JSON.stringify(config)}`,
      catalog: crlf({ streams: [] }),
      state: "\r\n\t [] \n\n",
    });
    expect(run).toMatchObject({ code: 0, messages: [] });
  });

  it("unknown fields, however deep", async () => {
    const deep = `{"deep":${"[".repeat(DEEP)}${"]".repeat(DEEP)},`;
    const state = `[${JSON.stringify({ type: "STREAM", stream: { stream_descriptor: { name: "gone" } } }).replace("{", deep)}]`;
    const run = await runConnector("read", {
      config: JSON.stringify(config).replace("{", deep),
      catalog: JSON.stringify({ streams: [] }).replace("{", deep),
      state,
    });
    expect(run).toMatchObject({ code: 0, messages: [{ type: "LOG", log: { level: "WARN" } }] });
  });
});

describe("check with a configuration file that can't be used: FAILED, exit 0", () => {
  it.each(["", "{} // comment", "[]"])("%j", async (content) => {
    const run = await runConnector("check", { config: content });
    expect(run.messages).toMatchObject([
      { type: "CONNECTION_STATUS", connectionStatus: { status: "FAILED" } },
    ]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
  });
});
