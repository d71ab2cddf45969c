/** What others wrote in the built program, and what has to be said of it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { files } from "../../package.json";
import { MAIN } from "../program.ts";

const DIST = dirname(MAIN);

/** Names of the packages that the program is made of, as esbuild finds them from its first file on. */
function findBundled(): ReadonlySet<string> {
  const root = join(DIST, "..");
  const bundle = [
    "src/main.ts",
    "--bundle",
    "--platform=node",
    "--external:@duckdb/node-api",
    "--log-level=error",
  ];
  const options = { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  const program = execFileSync(join(root, "node_modules/.bin/esbuild"), bundle, options);
  const comments = program.matchAll(/^ *\/\/ (?:\S*\/)?node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm);
  return new Set([...comments].map(([, name = ""]) => name));
}

describe("a package in the program", () => {
  const bundled = findBundled();

  it("has its licence in THIRD_PARTY_NOTICES", () => {
    const notices = readFileSync(join(DIST, "THIRD_PARTY_NOTICES"), "utf8");
    const sections = notices.split(/^={80}$/m).slice(1);
    const texts = new Map(
      sections.flatMap((heading, at) => {
        const [, name = ""] = /^\s*(\S+) \S+ \(.+\)\s*$/.exec(heading) ?? [];
        return at % 2 === 0 ? [[name, sections[at + 1] ?? ""] as const] : [];
      }),
    );
    const names = [...bundled];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !/copyright/i.test(texts.get(name) ?? ""))).toEqual([]);
  });

  it("stands in the list of contents, as CycloneDX has it", () => {
    const bill = JSON.parse(readFileSync(join(DIST, "contents.cdx.json"), "utf8"));
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.5", version: 1 });
    const components: readonly { name: string; purl: string }[] = bill.components;
    expect(new Set(components.map(({ name }) => name))).toEqual(bundled);
    expect(components.filter(({ purl }) => !/^pkg:npm\/(%40[^/]+\/)?[^/@]+@\d/.test(purl))).toEqual([]);
  });

  it("is shipped with both, as npm package and as image", () => {
    const dockerfile = readFileSync(join(DIST, "..", "Dockerfile"), "utf8");
    for (const file of ["dist/THIRD_PARTY_NOTICES", "dist/contents.cdx.json"]) {
      expect(files).toContain(file);
      expect(dockerfile).toMatch(new RegExp(`^COPY --from=build .*/build/${file}`, "m"));
    }
  });
});
