import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { airbyteSource, type Program } from "./program.ts";

/** What the same API is read with for comparison. */
export interface Peers {
  readonly faros: Program;
  readonly lowCode: Program;
}

const FOLDER = join(__dirname, "..", "peers");
const PYTHONS = ["python3.11", "python3.12", "python3"];
const PYTHON_FITS = "import sys, ensurepip, venv; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12)])";

/** Installs the peers, each into its own folder, where that has not been done. @throws Error if it can't be done */
export function installPeers(): Peers {
  const faros = join(FOLDER, "faros");
  install(join(faros, "package-lock.json"), join(faros, "node_modules", "installed"), () => {
    execFileSync("npm", ["ci"], { cwd: faros, stdio: "inherit" });
  });
  const lowCode = join(FOLDER, "low-code");
  const python = join(lowCode, ".venv", "bin", "python");
  install(join(lowCode, "requirements.txt"), join(lowCode, ".venv", "installed"), () => {
    execFileSync(findPython(), ["-m", "venv", "--clear", join(lowCode, ".venv")], { stdio: "inherit" });
    const options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check"];
    const requirements = ["--requirement", join(lowCode, "requirements.txt")];
    execFileSync(python, ["-m", "pip", "install", ...options, ...requirements], { stdio: "inherit" });
  });
  return {
    faros: airbyteSource("faros-airbyte-cdk", [process.execPath, join(faros, "main.js")]),
    lowCode: airbyteSource("airbyte-cdk low-code", [python, join(lowCode, "main.py")], {
      DO_NOT_TRACK: "1",
    }),
  };
}

/** Leaves a copy of the list of packages beside what was installed from it, to see when it changes. */
function install(lock: string, mark: string, run: () => void): void {
  if (existsSync(mark) && readFileSync(mark, "utf8") === readFileSync(lock, "utf8")) return;
  process.stderr.write(`Installing from ${lock}…\n`);
  run();
  copyFileSync(lock, mark);
}

function findPython(): string {
  for (const name of PYTHONS) {
    try {
      execFileSync(name, ["-c", PYTHON_FITS], { stdio: "ignore" });
      return name;
    } catch {
      // Not there, too old, too new, or without the modules that make a venv.
    }
  }
  throw new Error("Please install Python 3.11 or 3.12 with venv (Debian: python3-venv).");
}
