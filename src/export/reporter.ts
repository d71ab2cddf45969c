import { createLogUpdate } from "log-update";
import type { Redact } from "../redact.ts";
import type { Progress } from "./progress.ts";
import { barLine, logText } from "./progress-text.ts";
import type { Terminal, TerminalStyle } from "./terminal.ts";

const DRAW_MS = 100;
const LOG_MS = 10_000;

/** Tells a person how the export goes. */
export interface Reporter {
  /** Says something once. */
  note(text: string): void;
  /** The last word on progress; whatever comes after it stands below. */
  end(): void;
}

/** What reporters show. */
export interface Reported {
  readonly redact: Redact;
  readonly terminal: Terminal;
  readonly style: TerminalStyle;
  readonly streams: readonly Progress[];
}

/** Bars that move on a terminal, else a line now and then. */
export function createReporter(reported: Reported): Reporter {
  return reported.style.moving ? createBars(reported) : createLines(reported);
}

/** Says nothing. */
export const silentReporter: Reporter = { note: () => undefined, end: () => undefined };

function createBars({ terminal, style, redact, streams }: Reported): Reporter {
  // The cursor stays: hiding it takes handlers of signals, and those are main's.
  const screen = createLogUpdate(terminal, { showCursor: true });
  const draw = () => {
    const views = streams.map((progress) => progress.view());
    const nameWidth = Math.max(...views.map(({ stream }) => stream.length));
    const columns = terminal.columns ?? 80;
    screen(views.map((view) => barLine(view, nameWidth, columns, style.color)).join("\n"));
  };
  const timer = setInterval(draw, DRAW_MS);
  return {
    note(text) {
      screen.clear();
      terminal.write(`${redact(text)}\n`);
      draw();
    },
    end() {
      clearInterval(timer);
      draw();
      screen.done();
    },
  };
}

function createLines({ terminal, redact, streams }: Reported): Reporter {
  const say = (text: string) => void terminal.write(`${redact(text)}\n`);
  const told = new Map<string, number>();
  const timer = setInterval(() => {
    for (const view of streams.map((progress) => progress.view())) {
      if (view.phase !== "reading" || told.get(view.stream) === view.done) continue;
      told.set(view.stream, view.done);
      say(logText(view));
    }
  }, LOG_MS);
  return { note: say, end: () => clearInterval(timer) };
}
