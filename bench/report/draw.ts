import type { Spec } from "vega";

/** The charts' typeface. */
export const FONT = "system-ui, sans-serif";

/** A chart as SVG. */
export async function drawn(spec: Spec): Promise<string> {
  // vega awaits at its top level, so that it can't be had in any other way from here.
  const { parse, View } = await import("vega");
  return `${await new View(parse(spec), { renderer: "none" }).toSVG()}\n`;
}
