/** A second endpoint is a schema and one file: the example in CONTRIBUTING.md, in a copy of this tree. */
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { catalogOf, configFor } from "../connector.ts";
import { writeInputFiles } from "../input-files.ts";

const ROOT = join(__dirname, "..", "..");
const COPIED = ["CONTRIBUTING.md", "integration_tests", "package.json", "schemas", "scripts", "spec.json"];
const COUNT = 450;
const execute = promisify(execFile);

let tree: string;
let api: { readonly url: string; readonly stop: () => void };

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), "source-browsee-new-stream-"));
  for (const name of [...COPIED, "src", "tsconfig.json"])
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  mkdirSync(join(tree, "dist"));
  writeFileSync(join(tree, "schemas", "events.json"), example("json"));
  writeFileSync(join(tree, "src", "streams", "events.ts"), example("ts"));
  await tool("tsx", "scripts/generate.ts");
  await tool("tsx", "scripts/build.ts");
  api = await startApi();
});

afterAll(() => {
  api?.stop();
  rmSync(tree, { recursive: true, force: true });
});

/** The first block of CONTRIBUTING.md in that language, without its indentation. */
function example(language: string): string {
  const text = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const [, block = ""] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(text) ?? [];
  return block.replaceAll(/^ {3}/gm, "");
}

async function tool(name: string, ...args: readonly string[]): Promise<string> {
  return (await execute(join(tree, "node_modules", ".bin", name), [...args], { cwd: tree })).stdout;
}

async function startApi(): Promise<typeof api> {
  const args = [
    "--import",
    "tsx",
    "integration_tests/fake-api/main.ts",
    "--port",
    "0",
    "--count",
    `${COUNT}`,
  ];
  const child = spawn(process.execPath, args, { cwd: tree, stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface(child.stdout))
    return { url: JSON.parse(line).url, stop: () => child.kill() };
  throw new Error("the stand-in API did not start");
}

/** What a command writes on stdout; on stderr no other stream may be named. */
async function run(command: string, ...args: readonly string[]): Promise<string> {
  const main = join(tree, "dist", "main.js");
  const { stdout, stderr } = await execute(process.execPath, [main, command, ...args]);
  expect(stderr).not.toMatch(/session/i);
  return stdout;
}

/** The last of the messages of a type. */
function messagesOf(type: string, stdout: string) {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter((message) => message.type === type);
}

describe("the made-up stream events", () => {
  it("fits the types", async () => {
    expect(await tool("tsc", "--noEmit", "--project", "tsconfig.json")).toBe("");
  });

  it("is discovered, checked, read on from its state, and exported", async () => {
    const config = await writeInputFiles(tree, { config: configFor(api) });
    const [{ catalog }] = messagesOf("CATALOG", await run("discover", ...config));
    expect(catalog.streams).toContainEqual(
      expect.objectContaining({
        name: "events",
        default_cursor_field: ["time"],
        source_defined_primary_key: [["eventKey"]],
      }),
    );
    const [{ connectionStatus }] = messagesOf("CONNECTION_STATUS", await run("check", ...config));
    expect(connectionStatus).toEqual({ status: "SUCCEEDED" });

    const files = await writeInputFiles(tree, { catalog: catalogOf({ events: {} }) });
    const first = await run("read", ...config, ...files);
    const records = messagesOf("RECORD", first).map(({ record }) => record.data);
    expect(new Set(records.map(({ eventKey }) => eventKey)).size).toBe(COUNT);
    expect(records.every(({ time, happenedAt }) => new Date(time).toISOString() === happenedAt)).toBe(true);
    expect(first).toContain("reading events of ");
    expect(first).not.toMatch(/session/i);
    const state = await writeInputFiles(tree, { state: messagesOf("STATE", first).slice(-1) });
    expect(messagesOf("RECORD", await run("read", ...config, ...files, ...state))).toEqual([]);

    const to = join(tree, "events.duckdb");
    const summary = JSON.parse(await run("export", ...config, "--stream", "events", "--to", to, "--json"));
    expect(summary.streams).toMatchObject([{ stream: "events", status: "complete", new: COUNT }]);
  });
});
