import { basename, join } from "node:path";
import { build, type OutputFile, type TransformOptions, transform } from "esbuild";

/** A part of the program, as a CommonJS module. */
export interface Chunk {
  /** How the others ask for it. */
  readonly name: string;
  readonly code: string;
}

const FORM = { platform: "node", target: "node20.19", minifySyntax: true, legalComments: "none" } as const;
const TO_COMMON_JS: TransformOptions = { ...FORM, format: "cjs", supported: { "dynamic-import": false } };

/**
 * Bundles the program, split where it says `import()`.
 * @param root folder of this repository
 * @returns src/main.ts first
 */
export async function bundle(root: string): Promise<readonly Chunk[]> {
  const { outputFiles } = await build({
    ...FORM,
    entryPoints: [join(root, "src", "main.ts")],
    outdir: join(root, "dist"),
    write: false,
    bundle: true,
    // Only ES modules can be split.
    format: "esm",
    splitting: true,
    chunkNames: "[name]-[hash]",
    // It is native code: export alone loads it, from beside this file.
    external: ["@duckdb/node-api"],
    // yargs, an ES module, looks for translations beside its own file: part-loader.ts tells which it is.
    define: { "import.meta.url": "part.url" },
    logLevel: "warning",
  });
  const isEntry = ({ path }: OutputFile) => basename(path) === "main.js";
  return Promise.all(
    [...outputFiles.filter(isEntry), ...outputFiles.filter((file) => !isEntry(file))].map(
      async ({ path, text }) => ({ name: `./${basename(path)}`, code: await asModule(text) }),
    ),
  );
}

/** An ES module as a CommonJS one. esbuild would have all exports copied at run time, which takes a while in each part. */
async function asModule(text: string): Promise<string> {
  const { code } = await transform(text, TO_COMMON_JS);
  return code.replace(
    "module.exports = __toCommonJS(stdin_exports);",
    'module.exports = Object.defineProperty(stdin_exports, "__esModule", { value: true });',
  );
}

/** A TypeScript file without imports of others, as a script that declares one variable with its exports. */
export async function asScript(source: string, variable: string): Promise<string> {
  return (await transform(source, { ...FORM, format: "iife", globalName: variable, loader: "ts" })).code;
}
