/**
 * Measures what the built program costs, beside a bare fetch and the peers, and writes docs/benchmarks.md.
 * `--short` leaves out the peers, writes nothing, and fails on ratios and sizes of this run alone.
 * `--trial FOLDER` tries the whole with small sets and writes into the folder.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { inFolder } from "../integration_tests/input-files.ts";
import { MAIN } from "../integration_tests/program.ts";
import { runFull } from "./full.ts";
import { ownPrograms } from "./programs/own.ts";
import { runShort } from "./short.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      short: { type: "boolean", default: false },
      trial: { type: "string" },
      program: { type: "string", default: MAIN },
    },
  });
  await inFolder(async (folder) => {
    const own = await ownPrograms(folder, resolve(values.program));
    if (!values.short) await runFull(own, values.trial);
    else if (!(await runShort(own))) process.exitCode = 1;
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
