import type { Plugin } from "esbuild";

/** HTTP/2, and bodies other than text. */
const NEVER_ASKED_FOR = /[\\/]undici[\\/]lib[\\/](dispatcher[\\/]client-h2|web[\\/]fetch[\\/]body)\.js$/;
/** Computed from nothing but themselves. */
const CONSTANTS = /[\\/]undici[\\/]lib[\\/]llhttp[\\/]constants\.js$/;
const EMPTY = { contents: "module.exports = {};" };

/**
 * Leaves out of undici what this program never asks it for. With it go Node.js' own modules for HTTP and HTTP/2, which
 * take longer to load than undici: docs/adr/0005.
 */
export const slimUndici: Plugin = {
  name: "slim-undici",
  setup(build) {
    build.onLoad({ filter: NEVER_ASKED_FOR }, () => EMPTY);
    build.onLoad({ filter: CONSTANTS }, ({ path }) => ({ contents: constantsOf(path), loader: "json" }));
    // Asked for its limit for headers where a client has none, and for the class of streams that it never meets here.
    build.onResolve({ filter: /^node:http$/ }, ({ importer, path }) =>
      /[\\/]undici[\\/]/.test(importer) ? { path, namespace: "empty" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "empty" }, () => EMPTY);
  },
};

function constantsOf(path: string): string {
  const constants: unknown = require(path);
  return JSON.stringify(constants, (name, value: unknown) => (name === "default" ? undefined : value));
}
