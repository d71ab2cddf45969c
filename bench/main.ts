/** Measures what the built program costs. `--short` without the peers, and failing on ratios of this run alone. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { inFolder } from "../integration_tests/input-files.ts";
import { MAIN } from "../integration_tests/program.ts";
import { ownPrograms } from "./programs/own.ts";
import { runShort } from "./short.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { short: { type: "boolean", default: false }, program: { type: "string", default: MAIN } },
  });
  if (!values.short) throw new Error("only --short, for now");
  const passed = await inFolder(async (folder) =>
    runShort(await ownPrograms(folder, resolve(values.program))),
  );
  if (!passed) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
