import type { Package } from "./bundled-packages.ts";

/**
 * The packages that a program is made of, as a CycloneDX 1.5 bill of materials.
 * @returns JSON
 */
export function contentsList(program: Package, packages: readonly Package[]): string {
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: component("application", program) },
    components: packages.map((each) => component("library", each)),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function component(type: "application" | "library", { name, version, license }: Package): object {
  // Package URLs write the sign before a scope by its number.
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return { type, "bom-ref": purl, name, version, purl, licenses: [{ expression: license }] };
}
