import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { catalogOf, configFor, understand } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { inFolder } from "../input-files.ts";
import { MAIN, type Run, type RunOptions, runProgram } from "../program.ts";

let api: FakeApi;

beforeAll(async () => {
  api = await startFakeApi({ generated: { count: 5, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) } });
});

afterAll(() => api.close());

/** Runs the program in a folder that holds its files under these names. */
async function inFolderWith(
  files: Readonly<Record<string, unknown>>,
  args: (folder: string) => readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  return inFolder(async (folder) => {
    await mkdir(join(folder, "elsewhere"));
    for (const [name, value] of Object.entries(files))
      await writeFile(join(folder, name), JSON.stringify(value));
    return runProgram(args(folder), { cwd: join(folder, "elsewhere"), ...options });
  });
}

describe("commands: the exact arguments that the platform passes", () => {
  const files = () => ({ "a config.txt": configFor(api), catalog: catalogOf(), "state.tmp.42": [] });

  it("check --config FILE: absolute paths, any file extension, any current folder", async () => {
    const run = await inFolderWith(files(), (folder) => ["check", "--config", join(folder, "a config.txt")]);
    expect(understand(run).messages.at(-1)).toMatchObject({ connectionStatus: { status: "SUCCEEDED" } });
  });

  it("discover --config FILE", async () => {
    const run = await inFolderWith(files(), (folder) => [
      "discover",
      "--config",
      join(folder, "a config.txt"),
    ]);
    expect(understand(run).messages.map(({ type }) => type)).toEqual(["CATALOG"]);
  });

  it.each([true, false])(
    "read --config FILE --catalog FILE [--state FILE] (state: %j)",
    async (withState) => {
      const run = await inFolderWith(files(), (folder) => {
        const state = withState ? ["--state", join(folder, "state.tmp.42")] : [];
        return [
          "read",
          "--config",
          join(folder, "a config.txt"),
          "--catalog",
          join(folder, "catalog"),
          ...state,
        ];
      });
      expect(understand(run).records).toHaveLength(5);
      expect(run.code).toBe(0);
    },
  );

  it("relative paths are of the current folder", async () => {
    const run = await inFolderWith(files(), () => ["check", "--config", "../a config.txt"]);
    expect(understand(run).messages.at(-1)).toMatchObject({ connectionStatus: { status: "SUCCEEDED" } });
  });

  it("whatever stands in the environment of a platform's container", async () => {
    const env = {
      TZ: "Asia/Kathmandu",
      LANG: "de_DE.UTF-8",
      LOG_LEVEL: "DEBUG",
      USE_STREAM_CAPABLE_STATE: "true",
    };
    const args = (folder: string) => [
      "read",
      "--config",
      join(folder, "a config.txt"),
      "--catalog",
      join(folder, "catalog"),
    ];
    const run = understand(await inFolderWith(files(), args, { env }));
    const instants = run.records.map(({ data }) => new Date(Number(data["timestamp"])).toISOString());
    expect(run.records.map(({ data }) => data["startedAt"])).toEqual(instants);
  });
});

describe("dist/main.js: one file that runs without tooling", () => {
  it("also from another folder, alone", async () => {
    await inFolder(async (folder) => {
      await copyFile(MAIN, join(folder, "main.js"));
      const { execFileSync } = await import("node:child_process");
      const out = execFileSync(process.execPath, [join(folder, "main.js"), "spec"], { cwd: folder, env: {} });
      expect(
        understand({
          lines: out.toString().trimEnd().split("\n"),
          rest: "",
          stderr: "",
          code: 0,
          signal: null,
        }).messages,
      ).toMatchObject([{ type: "SPEC" }]);
    });
  });
});

describe("commands: what is none is one TRACE ERROR, exit 1", () => {
  it.each([
    [[]],
    [["discover", "--config", ""]],
    [["read", "--config", "x", "--catalog"]],
    [["spec", "check"]],
  ])("%j", async (args) => {
    const run = understand(await runProgram(args));
    expect(run.errors).toMatchObject([{ failure_type: "config_error", message: expect.stringMatching(/./) }]);
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.messages).toHaveLength(1);
  });
});

describe("a current folder that was deleted", () => {
  it("is none of a command's business that is given absolute paths", async () => {
    const script = 'rmdir "$PWD" && exec "$@"';
    await inFolder(async (folder) => {
      const cwd = join(folder, "gone");
      await mkdir(cwd);
      const run = await runProgram(["spec"], { cwd, through: ["bash", "-c", script, "bash"] });
      expect(run).toMatchObject({ code: 0, stderr: "", lines: [expect.stringContaining("SPEC")] });
    });
  });
});

describe("help and version", () => {
  it.each([
    [["--help"], /node dist\/main\.js export/],
    [["--version"], /^\d+\.\d+\.\d+$/],
    [["read", "--config", "x", "--help"], /--catalog/],
  ])("%j goes to stdout, exit 0", async (args, words) => {
    const run = await runProgram(args);
    expect(run).toMatchObject({ rest: "", stderr: "", code: 0 });
    expect(run.lines.join("\n")).toMatch(words);
  });
});
