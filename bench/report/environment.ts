import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { Measured } from "../measure.ts";

const ROOT = join(__dirname, "..", "..");
const PEERS = join(ROOT, "bench", "peers");

/** When and on what the figures were measured, and how long that took, as a list in Markdown. */
export function environment(all: readonly Measured[]): string {
  const versionIn = (path: string): string => JSON.parse(readFileSync(path, "utf8")).version;
  const pinned = readFileSync(join(PEERS, "low-code", "requirements.txt"), "utf8");
  const python = readFileSync(join(PEERS, "low-code", ".venv", "pyvenv.cfg"), "utf8");
  const lines = [
    `measured on ${new Date().toISOString().slice(0, 10)}, in ${(performance.now() / 60_000).toFixed(0)} min`,
    `${cpus().length} cores (${cpus()[0]?.model}), ${(totalmem() / 2 ** 30).toFixed(0)} GB of memory, ${type()} ${release()}, ${arch()}`,
    `Node.js ${all.map(({ version }) => version).join(" and ")}`,
    `source-browsee ${versionIn(join(ROOT, "package.json"))}`,
    `faros-airbyte-cdk ${versionIn(join(PEERS, "faros", "node_modules", "faros-airbyte-cdk", "package.json"))}`,
    `airbyte-cdk ${/^airbyte-cdk==(.*)$/m.exec(pinned)?.[1]}, Python ${/^version = (.*)$/m.exec(python)?.[1]}`,
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}
