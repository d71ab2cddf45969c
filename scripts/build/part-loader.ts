/** Stands at the head of dist/main.js, and brings its parts to life: docs/adr/0015. */
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";

type Load = (name: string) => unknown;

/** A part of the program: a CommonJS module as a function, as Node.js itself wraps one. */
export type Part = (exports: object, require: Load, module: { exports: object }, part: About) => unknown;

/** The names of a part's parameters, as its code has them. */
export const PARAMETERS = ["exports", "require", "module", "part"] as const;

/** What a part may ask about itself. */
export interface About {
  readonly filename: string;
  /** The same as a URL. */
  readonly url: string;
}

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
    filename,
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
    part(module.exports, load, module, about);
    return module.exports;
  };
}

/** Stands for the end of a comment in code that is kept in a comment. */
export const COMMENT_END = "*@/";

/**
 * A part that is compiled when it is first run. Until then its code is a comment, which V8 passes over, where it would
 * parse any function to its end, called or not.
 * @param holder a function with nothing but the comment
 * @param line where the code begins in its file, from 0, so that stack traces are right
 */
export function held(holder: () => void, line: number): Part {
  return (exports, require, module, part) => {
    const source = String(holder);
    const code = source
      .slice(source.indexOf("/*") + 2, source.lastIndexOf("*/"))
      .replaceAll(COMMENT_END, "*/");
    const run = compileFunction(code, PARAMETERS, { filename: part.filename, lineOffset: line });
    run(exports, require, module, part);
  };
}
