/**
 * Writes down what the built program shows to the outside, for the version in package.json: a step of each release.
 * Fails where the version is not far enough from the one before. `--check` writes nothing, and fails where that has
 * not been done for this version.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tooLarge } from "../../scripts/compatibility/versions.ts";
import { compareInterfaces } from "./compare.ts";
import { currentInterface, type Interface, RELEASED } from "./interface.ts";

async function main(check: boolean): Promise<void> {
  const current = await currentInterface();
  const released: Interface = existsSync(RELEASED) ? JSON.parse(readFileSync(RELEASED, "utf8")) : current;
  const changes = compareInterfaces(released, current);
  for (const { size, what } of changes) process.stdout.write(`${size}  ${what}\n`);
  const wrong = tooLarge(changes, released.version, current.version);
  if (wrong.length > 0) {
    process.stderr.write(`${current.version} is too near to ${released.version} for these changes.\n`);
    process.exitCode = 1;
  } else if (!check) {
    writeFileSync(RELEASED, JSON.stringify(current, undefined, 2));
    execFileSync("npx", ["biome", "format", "--write", RELEASED]);
  } else if (released.version !== current.version) {
    process.stderr.write(`${RELEASED} is of ${released.version}: npm run snapshot\n`);
    process.exitCode = 1;
  }
}

main(process.argv.includes("--check")).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
