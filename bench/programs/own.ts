import { copyFileSync, existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { airbyteSource, type Program } from "./program.ts";

/** This repository's programs, as files that node runs without help. */
export interface OwnPrograms {
  readonly bareFetch: Program;
  readonly ours: Program;
  /** The built program's file. */
  readonly main: string;
}

/**
 * Readies the bare fetch and a copy of the built program, which a build meanwhile does not touch.
 * @param folder where they may be put
 * @param built the built program
 * @throws Error if it has not been built
 */
export async function ownPrograms(folder: string, built: string): Promise<OwnPrograms> {
  if (!existsSync(built)) throw new Error(`There is no ${built}: npm run build`);
  const main = join(folder, "main.js");
  copyFileSync(built, main);
  // DuckDB, which an export loads from beside the program.
  symlinkSync(join(__dirname, "..", "..", "node_modules"), join(folder, "node_modules"), "dir");
  const outfile = join(folder, "bare-fetch.js");
  await build({
    entryPoints: [join(__dirname, "bare-fetch.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    logLevel: "warning",
  });
  return {
    bareFetch: {
      name: "bare fetch",
      read: ({ pages }) => ({ argv: [process.execPath, outfile, pages] }),
      spec: undefined,
    },
    ours: airbyteSource("source-browsee", [process.execPath, main]),
    main,
  };
}
