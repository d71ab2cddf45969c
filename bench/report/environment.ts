import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { isObject } from "../../integration_tests/fake-api/json.ts";

const BENCH = join(__dirname, "..");

/** When and on what the figures were measured, as a list in Markdown. @param seconds how long it all took */
export function environment(now: Date, seconds: number): string {
  const [cpu] = cpus();
  const lines = [
    `measured on ${now.toISOString().slice(0, 10)}, in ${(seconds / 60).toFixed(0)} min`,
    `${cpus().length} cores (${cpu?.model ?? "unknown"}), ${(totalmem() / 2 ** 30).toFixed(0)} GB of memory, ${type()} ${release()}, ${arch()}`,
    `Node.js ${process.versions.node}`,
    `source-browsee ${versionIn(join(BENCH, "..", "package.json"))}`,
    `faros-airbyte-cdk ${versionIn(join(BENCH, "peers", "faros", "node_modules", "faros-airbyte-cdk", "package.json"))}`,
    `airbyte-cdk ${pinned("airbyte-cdk")}, Python ${pythonVersion()}`,
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function versionIn(path: string): string {
  const told: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isObject(told) ? String(told["version"]) : "unknown";
}

function pinned(name: string): string {
  const text = readFileSync(join(BENCH, "peers", "low-code", "requirements.txt"), "utf8");
  return new RegExp(`^${name}==(.*)$`, "m").exec(text)?.[1] ?? "unknown";
}

function pythonVersion(): string {
  const text = readFileSync(join(BENCH, "peers", "low-code", ".venv", "pyvenv.cfg"), "utf8");
  return /^version = (.*)$/m.exec(text)?.[1] ?? "unknown";
}
