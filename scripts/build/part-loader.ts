/** Stands at the head of dist/main.js, and brings its parts to life: docs/adr/0015. */
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";

type Load = (name: string) => unknown;

/**
 * A part of the program: a CommonJS module whose code is a comment until it is asked for. V8 passes over a comment, where
 * it would parse any function to its end, called or not.
 */
export interface Part {
  /** With nothing but the comment. */
  readonly holder: () => void;
  /** Where the code begins in the file, from 0, so that stack traces are right. */
  readonly line: number;
}

/** Stands for the end of a comment in the code of a part. */
export const COMMENT_END = "*@/";

/** Of each part; `part` is for what it may ask about itself. */
const PARAMETERS = ["exports", "require", "module", "part"] as const;

/**
 * Puts the parts together.
 * @param parts by the names they have for one another
 * @param filename of the file that holds them all
 * @param outside loads what is no part
 * @returns loads a part, the first time it is asked for
 */
export function createLoader(parts: ReadonlyMap<string, Part>, filename: string, outside: Load): Load {
  const modules = new Map<string, { exports: object }>();
  const about = {
    get url() {
      return pathToFileURL(filename).href;
    },
  };
  return function load(name) {
    const part = parts.get(name);
    if (part === undefined) return outside(name);
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const run = compileFunction(codeOf(part), PARAMETERS, { filename, lineOffset: part.line });
    run(module.exports, load, module, about);
    return module.exports;
  };
}

function codeOf({ holder }: Part): string {
  const source = String(holder);
  return source.slice(source.indexOf("/*") + 2, source.lastIndexOf("*/")).replaceAll(COMMENT_END, "*/");
}
