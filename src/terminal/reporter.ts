import { createLogUpdate } from "log-update";
import type { Redact } from "../redact.ts";
import type { Progress } from "./progress.ts";
import { type Terminal, type TerminalStyle, terminalText } from "./terminal.ts";

const DRAW_MS = 100;
const LOG_MS = 10_000;

/** Tells a person how a command goes. Text that has anything from outside in it goes through `say` or `note`. */
export type Reporter = ReturnType<typeof createReporter>;

/**
 * Begins to tell.
 * @param quiet whether nothing is said but what is to be said
 * @param hasBar whether there may be a bar: not where another program may write to the terminal meanwhile
 */
export function createReporter(
  terminal: Terminal,
  style: TerminalStyle,
  redact: Redact,
  quiet: boolean,
  hasBar = true,
) {
  // The cursor stays: hiding it takes handlers of signals, and those are main's.
  const isDrawn = style.moving && hasBar;
  const screen = createLogUpdate(terminal, { showCursor: true });
  const say = (text: string) => {
    if (isDrawn) screen.clear();
    terminal.write(`${terminalText(redact(text), { ...style, columns: widthNow() })}\n`);
  };
  const widthNow = () => terminal.columns || style.columns;
  let current: Progress | undefined;
  let told = 0;

  function tick(): void {
    if (current === undefined) return;
    if (isDrawn) screen(current.line({ columns: widthNow(), color: style.color }));
    else if (current.done() !== told) say(current.line());
    told = current.done();
  }

  const timer = quiet ? undefined : setInterval(tick, isDrawn ? DRAW_MS : LOG_MS).unref();
  return {
    /** Says something in lines of its own, redacted and without control characters, with --quiet too. */
    say,
    /** Says it but with --quiet. */
    note(text: string): void {
      if (!quiet) say(text);
    },
    /** Shows lines that this program has drawn, colors and all. Nothing with --quiet. */
    show(lines: readonly string[]): void {
      if (!quiet) terminal.write(lines.map((line) => `${redact(line)}\n`).join(""));
    },
    /** Shows from now on how far a stream is: a bar that moves on a terminal, else a line now and then. */
    follow(progress: Progress): void {
      current = progress;
    },
    /** The last word on progress; whatever comes after it stays. */
    end(): void {
      clearInterval(timer);
      if (isDrawn && !quiet) screen.clear();
    },
  };
}
