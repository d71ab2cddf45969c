import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package as its package.json names it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
}

/** A package of others that is in the program. */
export interface BundledPackage extends Package {
  /** Its licence and notices, as they stand in the package. */
  readonly texts: readonly string[];
}

const LEGAL = /^(licen[cs]e|copying|notice)/i;

/**
 * The packages that files belong to.
 * @param root folder that the files are named from
 * @param files paths, as in esbuild's metafile
 * @returns by name, each once for each version
 * @throws Error for a package without a licence's text
 */
export function bundledPackages(root: string, files: readonly string[]): readonly BundledPackage[] {
  const folders = new Set(files.map((file) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? ""));
  folders.delete("");
  const packages = [...folders].map((folder) => bundledPackage(join(root, folder)));
  const byId = new Map(packages.map((each) => [`${each.name}@${each.version}`, each] as const));
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function bundledPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => LEGAL.test(file));
  if (typeof license !== "string" || files.length === 0) throw new Error(`${name} has no licence's text`);
  return {
    name,
    version,
    license,
    texts: files.sort().map((file) => readFileSync(join(folder, file), "utf8")),
  };
}
