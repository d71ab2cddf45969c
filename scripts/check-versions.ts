/** Fails unless the version is the same wherever it stands. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const places: Readonly<Record<string, RegExp>> = {
  "package.json": /^ {2}"version": "(.*)",$/m,
  "package-lock.json": /^ {2}"version": "(.*)",$/m,
  "metadata.yaml": /^ {2}dockerImageTag: (.*)$/m,
  Dockerfile: /^LABEL io\.airbyte\.version="(.*)"$/m,
  // The newest one; what is unreleased has none yet.
  "CHANGELOG.md": /^## \[(\d.*)\]/m,
};

const versions = Object.entries(places).map(([file, pattern]) => {
  const version = pattern.exec(readFileSync(join(__dirname, "..", file), "utf8"))?.[1] ?? "none";
  process.stdout.write(`${version}  ${file}\n`);
  return version;
});
if (new Set(versions).size > 1) {
  process.stderr.write("The versions differ.\n");
  process.exitCode = 1;
}
