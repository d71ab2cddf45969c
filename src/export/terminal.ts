/** Where a person reads: stderr, on a terminal or not. */
export type Terminal = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** How a terminal may be written to. */
export interface TerminalStyle {
  /** Whether lines may be drawn over. */
  readonly moving: boolean;
  readonly color: boolean;
}

/**
 * What a terminal can do: one of no width, as some pretend to be, nothing.
 * @param env TERM=dumb can't move the cursor; NO_COLOR, not empty, wants no colors (no-color.org)
 */
export function terminalStyle(
  { isTTY, columns }: Terminal,
  env: Readonly<Record<string, string | undefined>>,
): TerminalStyle {
  const moving = isTTY === true && columns !== 0 && env["TERM"] !== "dumb";
  return { moving, color: moving && (env["NO_COLOR"] ?? "") === "" };
}
