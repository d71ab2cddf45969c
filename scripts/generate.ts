/** Writes src/generated/ from spec.json, the JSON Schemas and the Airbyte protocol; `--check` only tells whether it is stale. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateProtocol } from "./generate/protocol.ts";
import { generateStreamList } from "./generate/stream-list.ts";
import { generateValidators } from "./generate/validators.ts";

const root = join(__dirname, "..");
const target = join(root, "src", "generated");

async function main(): Promise<void> {
  const files = new Map<string, string>([
    ...(await generateProtocol(root)),
    ...(await generateValidators(root)),
    ...generateStreamList(root),
  ]);
  const stale = [...files].filter(([name, text]) => read(join(target, name)) !== text).map(([name]) => name);
  const left = existsSync(target) ? readdirSync(target).filter((name) => !files.has(name)) : [];
  if (process.argv.includes("--check")) {
    if (stale.length + left.length > 0) {
      process.stderr.write(`src/generated is stale (${[...stale, ...left].join(", ")}): npm run generate\n`);
      process.exitCode = 1;
    }
    return;
  }
  mkdirSync(target, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(target, name), text);
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
