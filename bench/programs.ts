import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MAIN } from "../integration_tests/program.ts";
import type { Command } from "./run.ts";
import type { Files } from "./stand-in.ts";

/** What is compared, as the tables call it and in their order. */
export type ProgramName =
  | "bare fetch"
  | "source-browsee"
  | "source-browsee export"
  | "faros-airbyte-cdk"
  | "airbyte-cdk low-code";

/** Something that reads all sessions of an API. */
export interface Program {
  readonly name: ProgramName;
  readonly read: (files: Files) => Command;
  /** What prints its specification; undefined for what is no Airbyte source, and so writes no RECORD messages either. */
  readonly spec: Command | undefined;
}

const PEERS = join(__dirname, "peers");
const FAROS = join(PEERS, "faros");
const LOW_CODE = join(PEERS, "low-code");
const PYTHON = join(LOW_CODE, ".venv", "bin", "python");
const PYTHON_FITS = "import sys, ensurepip, venv; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12)])";

/** The least that reading can cost. @param node the path of a Node.js, as for the others */
export function bareFetch(node: string): Program {
  const read = ({ pages }: Files) => ({ argv: [node, join(__dirname, "bare-fetch.mjs"), pages] });
  return { name: "bare fetch", read, spec: undefined };
}

/** The built program's `read` and `spec`. */
export function ours(node: string): Program {
  return airbyteSource("source-browsee", [node, MAIN]);
}

/** The built program's `export`, into a DuckDB file that is not there before. */
export function ourExport(node: string): Program {
  const read = ({ config, store }: Files) => ({
    argv: [node, MAIN, "export", "--config", config, "--to", store, "--quiet"],
  });
  return { name: "source-browsee export", read, spec: undefined };
}

/** The two frameworks; `installPeers` first. */
export function peers(node: string): readonly Program[] {
  return [
    airbyteSource("faros-airbyte-cdk", [node, join(FAROS, "main.js")]),
    airbyteSource("airbyte-cdk low-code", [PYTHON, join(LOW_CODE, "main.py")], { DO_NOT_TRACK: "1" }),
  ];
}

function airbyteSource(name: ProgramName, argv: readonly string[], env: Command["env"] = {}): Program {
  return {
    name,
    read: ({ config, catalog }) => ({
      argv: [...argv, "read", "--config", config, "--catalog", catalog],
      env,
    }),
    spec: { argv: [...argv, "spec"], env },
  };
}

/** Installs the peers, each into its own folder, where that has not been done. @throws Error if it can't be done */
export function installPeers(): void {
  install(join(FAROS, "package-lock.json"), join(FAROS, "node_modules", "installed"), () => {
    execFileSync("npm", ["ci"], { cwd: FAROS, stdio: "inherit" });
  });
  const requirements = join(LOW_CODE, "requirements.txt");
  install(requirements, join(LOW_CODE, ".venv", "installed"), () => {
    execFileSync(findPython(), ["-m", "venv", "--clear", join(LOW_CODE, ".venv")], { stdio: "inherit" });
    const options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check"];
    execFileSync(PYTHON, ["-m", "pip", "install", ...options, "-r", requirements], { stdio: "inherit" });
  });
}

/** Leaves a copy of the list of packages beside what was installed from it, to see when it changes. */
function install(lock: string, mark: string, run: () => void): void {
  if (existsSync(mark) && readFileSync(mark, "utf8") === readFileSync(lock, "utf8")) return;
  process.stderr.write(`Installing from ${lock}…\n`);
  run();
  copyFileSync(lock, mark);
}

function findPython(): string {
  for (const name of ["python3.11", "python3.12", "python3"]) {
    try {
      execFileSync(name, ["-c", PYTHON_FITS], { stdio: "ignore" });
      return name;
    } catch {
      // Not there, too old, too new, or without the modules that make a venv.
    }
  }
  throw new Error("Please install Python 3.11 or 3.12 with venv (Debian: python3-venv).");
}

/** The path of a Node.js of the image's line, from the npm package `node`. @throws Error if it can't be had */
export function imageNode(): string {
  const line = /^FROM node:(\d+)/m.exec(readFileSync(join(__dirname, "..", "Dockerfile"), "utf8"))?.[1];
  if (line === undefined) throw new Error("The Dockerfile's last stage is not made from node:N.");
  const args = ["--yes", "--package", `node@${line}`, "node", "--print", "process.execPath"];
  return execFileSync("npx", args, { encoding: "utf8" }).trim();
}
