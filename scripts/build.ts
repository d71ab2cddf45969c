/** Builds dist/main.js: the whole program in one file. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(__dirname, "..");
const outfile = join(root, "dist", "main.js");

build({
  entryPoints: [join(root, "src", "main.ts")],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  // It is native code: export alone loads it, from beside this file.
  external: ["@duckdb/node-api"],
  minifySyntax: true,
  legalComments: "none",
  // yargs, an ES module, asks for the URL of its own file, to look for translations beside it.
  banner: {
    js: '#!/usr/bin/env node\nconst bundleUrl = require("node:url").pathToFileURL(__filename).href;',
  },
  define: { "import.meta.url": "bundleUrl" },
  logLevel: "warning",
})
  .then(() => chmodSync(outfile, 0o755))
  .catch(() => {
    process.exitCode = 1;
  });
