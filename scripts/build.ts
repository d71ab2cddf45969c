/** Builds dist/: the program in one file, and what is said of the packages in it. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { engines } from "../package.json";
import { bundledPackages } from "./build/bundled-packages.ts";
import { contentsList } from "./build/contents-list.ts";
import { nodeCheck } from "./build/node-check.ts";
import { notices } from "./build/notices.ts";

const root = join(__dirname, "..");
const dist = join(root, "dist");
const outfile = join(dist, "main.js");

async function main(): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    // Older than what it needs, so that an older one parses it, and gets to the first lines.
    target: "node18",
    format: "cjs",
    // It is native code: export alone loads it, from beside this file.
    external: ["@duckdb/node-api"],
    // Loaded by import(), it would be parsed once more for its exports' names: a tenth of a second.
    supported: { "dynamic-import": false },
    // yargs, an ES module, looks for translations beside its own file.
    define: { "import.meta.url": "mainUrl" },
    banner: {
      js: `#!/usr/bin/env node\n${nodeCheck(engines.node)}\nconst mainUrl = require("node:url").pathToFileURL(__filename).href;`,
    },
    // Node.js reads all of the file at every start. Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    // They stand in THIRD_PARTY_NOTICES, whole.
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  chmodSync(outfile, 0o755);
  const packages = bundledPackages(root, Object.keys(metafile.inputs));
  writeFileSync(join(dist, "THIRD_PARTY_NOTICES"), notices(packages));
  const { name, version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(dist, "contents.cdx.json"), contentsList({ name, version, license }, packages));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
