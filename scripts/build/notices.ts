import type { BundledPackage } from "./bundled-packages.ts";

const RULE = "=".repeat(80);

/** What the licences of bundled packages want to be passed on: their notices and texts. */
export function notices(packages: readonly BundledPackage[]): string {
  const parts = packages.map(({ name, version, license, texts }) =>
    [RULE, `${name} ${version} (${license})`, RULE, "", ...texts.map((text) => text.trim()), ""].join("\n"),
  );
  return ["main.js holds these packages, under these licences.", "", ...parts].join("\n");
}
