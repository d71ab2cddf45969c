import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, catalogOf, configFor, runConnector, understand } from "../connector.ts";
import { inFolder } from "../input-files.ts";
import { runProgram } from "../program.ts";

const DEEP = 100_000;
const config = configFor({ url: "http://127.0.0.1:9" }, { retry_deadline_seconds: 0 });
const RIGHT = { config, catalog: catalogOf(), state: [] };

/** What is no JSON of the right form, whatever the file. */
const BROKEN: Readonly<Record<string, string | Buffer>> = {
  empty: "",
  "nothing but a byte order mark": "\ufeff",
  blank: " \r\n\t\n",
  "cut off": '{"api_key": "x", "streams": [',
  "two values": "{} {}",
  "no JSON": "api_key: x\n",
  "with a comment": "{} // comment",
  "with a trailing comma": "{,}",
  "a NUL": "\0",
  "UTF-16": Buffer.from("\ufeff{}", "utf16le"),
  gzip: Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe]),
  "a number": "5",
  "a string": '"{}"',
  true: "true",
  "lists in lists, deep down": "[".repeat(DEEP) + "]".repeat(DEEP),
  "objects in objects, cut off": '{"a":'.repeat(DEEP),
};

/** Forms that only a catalog or configuration must not have. */
const OBJECTS: Readonly<Record<string, string>> = {
  null: "null",
  "an empty list": "[]",
  "an empty object": "{}",
};

function expectRefusal(run: ConnectorRun, code: RegExp): void {
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

describe.each([
  ["config", /^config_invalid: /, { ...BROKEN, ...OBJECTS }],
  ["catalog", /^catalog_invalid: /, { ...BROKEN, ...OBJECTS }],
  ["state", /^state_invalid: /, { ...BROKEN, null: "null" }],
] as const)("--%s: one TRACE ERROR, exit 1, no stack trace, for a file that is", (name, code, contents) => {
  it.each(Object.entries(contents))("%s", async (_what, content) => {
    expectRefusal(await runConnector("read", { ...RIGHT, [name]: content }), code);
  });

  it.each(["missing", "a folder", "config/below a file"])("%s", async (path) => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, "a folder"));
      for (const [file, content] of Object.entries(RIGHT)) {
        await writeFile(join(folder, file), JSON.stringify(content));
      }
      const paths = { config: "config", catalog: "catalog", state: "state", [name]: path };
      const args = Object.entries(paths).flatMap(([flag, file]) => [`--${flag}`, join(folder, file)]);
      const run = understand(await runProgram(["read", ...args]));
      expectRefusal(run, /^file_unreadable: /);
      expect(run.errors[0]?.message).toContain(join(folder, path));
    });
  });
});

describe("--catalog: streams or modes that there are not", () => {
  const stream = { name: "sessions", json_schema: {}, supported_sync_modes: ["full_refresh"] };
  const entry = { stream, sync_mode: "incremental", destination_sync_mode: "append" };
  it.each([
    ["an unknown stream", [{ ...entry, stream: { ...stream, name: "visitors" } }]],
    [
      "the stream of Airbyte's acceptance tests",
      [
        {
          stream: { ...stream, name: "__AIRBYTE__stream_that_does_not_exist" },
          sync_mode: "INVALID",
          destination_sync_mode: "INVALID",
        },
      ],
    ],
    ["a stream after others that there are", [entry, { ...entry, stream: { ...stream, name: "visitors" } }]],
    [
      "a stream under a name that JavaScript knows",
      [{ ...entry, stream: { ...stream, name: "constructor" } }],
    ],
    ["a stream twice", [entry, entry]],
    ["an unknown sync mode", [{ ...entry, sync_mode: "xmin" }]],
    ["no sync mode", [{ ...entry, sync_mode: undefined }]],
    ["no stream", [{ sync_mode: "incremental" }]],
    ["no name", [{ ...entry, stream: {} }]],
    ["a name that is none", [{ ...entry, stream: { ...stream, name: 5 } }]],
    ["a schema that is none", [{ ...entry, stream: { ...stream, json_schema: [] } }]],
    ["properties that are none", [{ ...entry, stream: { ...stream, json_schema: { properties: 5 } } }]],
    ["streams that are no list", { sessions: entry }],
    ["null for a stream", [null]],
  ])("%s", async (_what, streams) => {
    expectRefusal(await runConnector("read", { ...RIGHT, catalog: { streams } }), /^catalog_invalid: /);
  });
});

describe("input files: what is taken", () => {
  const crlf = (value: unknown) => JSON.stringify(value, undefined, 2).replaceAll("\n", "\r\n");
  it.each<[string, (value: unknown) => string]>([
    ["a byte order mark", (value) => `\ufeff${JSON.stringify(value)}`],
    ["CRLF", crlf],
    ["blank space around", (value) => `\r\n\t ${JSON.stringify(value)} \n\n`],
  ])("%s", async (_what, write) => {
    const empty = { streams: [] };
    const run = await runConnector("read", {
      config: write(config),
      catalog: write(empty),
      state: write([]),
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
  it.each(Object.entries({ ...BROKEN, ...OBJECTS }))("%s", async (_what, content) => {
    const run = await runConnector("check", { config: content });
    expect(run.messages).toMatchObject([
      { type: "CONNECTION_STATUS", connectionStatus: { status: "FAILED" } },
    ]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
  });
});
