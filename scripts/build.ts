/** Builds dist/main.js: the whole program in one file. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { assemble } from "./build/assemble.ts";
import { asScript, bundle } from "./build/bundle.ts";

const root = join(__dirname, "..");
const outfile = join(root, "dist", "main.js");

async function main(): Promise<void> {
  const loader = await asScript(readFileSync(join(__dirname, "build", "part-loader.ts"), "utf8"), "loader");
  const text = assemble(loader, await bundle(root));
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, text);
  chmodSync(outfile, 0o755);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
