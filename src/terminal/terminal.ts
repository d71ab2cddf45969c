import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import type { Env } from "../config.ts";

/** Where a person reads: stderr, on a terminal or not. */
export type Terminal = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** How a terminal may be written to. */
export interface TerminalStyle {
  /** Whether lines may be drawn over. */
  readonly moving: boolean;
  readonly color: boolean;
  readonly columns: number;
}

/** What has a terminal do something, or turns text around (Unicode's bidirectional controls), but for line breaks. */
const CONTROLS = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * What a terminal can do: one of no width, as some pretend to be, nothing.
 * @param env TERM=dumb can't move the cursor; NO_COLOR, not empty, wants no colors (no-color.org)
 */
export function terminalStyle({ isTTY, columns = 80 }: Terminal, env: Env): TerminalStyle {
  const moving = isTTY === true && columns !== 0 && env["TERM"] !== "dumb";
  return { moving, color: moving && (env["NO_COLOR"] ?? "") === "", columns };
}

/** A text from outside, such as a path or the API's words, without what would have a terminal do something. */
export function cleanText(text: string): string {
  return text.replaceAll(CONTROLS, "\ufffd");
}

/**
 * A text from outside for a person: cleaned, and at a terminal in lines that end between words. A word that is longer
 * than a line, such as a path, stays whole, to be copied.
 */
export function terminalText(text: string, { moving, columns }: TerminalStyle): string {
  // What fits keeps the blanks that it begins with.
  const wrapped = (line: string) => (moving && line.length >= columns ? wrapAnsi(line, columns - 1) : line);
  return cleanText(text).split("\n").map(wrapped).join("\n");
}

/** Writes a text from outside for a person, in lines of its own. */
export function writeText(terminal: Terminal, env: Env, text: string): void {
  terminal.write(`${terminalText(text, terminalStyle(terminal, env))}\n`);
}

/** Colors a text whatever stdout is: the caller knows the terminal. */
export function paint(format: "green" | "dim" | "bold" | "cyan", text: string): string {
  return styleText(format, text, { validateStream: false });
}
