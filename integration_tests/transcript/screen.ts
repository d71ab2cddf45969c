/** A command line at a terminal that draws as a real one does, or in a pipe. */
import { type ChildProcess, spawn } from "node:child_process";
import { Terminal } from "@xterm/headless";

const ROWS = 24;
const SCROLLBACK = 1000;

/** Where a command runs. */
export interface Place {
  /** Width of the terminal; undefined for a pipe. */
  readonly columns: number | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A command that has been started. */
export interface Shell {
  /** What stands on the screen, and above it. */
  text(): string;
  /** Resolves when the screen has changed, or the command has ended. */
  changed(): Promise<void>;
  /** Types Ctrl-C. */
  interrupt(): void;
  /** Resolves with the exit code once all has been drawn. */
  readonly ended: Promise<number | null>;
  /** Whether anything was drawn in colors. */
  colored(): boolean;
}

/** Starts a command of bash. */
export function startShell(command: string, { columns, cwd, env }: Place): Shell {
  const isPipe = columns === undefined;
  const child = isPipe
    ? spawn("bash", ["-c", `exec 2>&1; ${command}`], { cwd, env, stdio: ["ignore", "pipe", "inherit"] })
    : spawn("script", ["-qefc", `stty cols ${columns} rows ${ROWS}; ${command}`, "/dev/null"], {
        cwd,
        env,
        stdio: ["pipe", "pipe", "inherit"],
      });
  const screen = new Terminal({
    cols: columns ?? 1000,
    rows: ROWS,
    scrollback: SCROLLBACK,
    allowProposedApi: true,
    // A pipe has no terminal that would turn a line feed into one with a carriage return.
    convertEol: isPipe,
  });
  let waiting: (() => void)[] = [];
  let raw = "";
  const wake = () => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  child.stdout?.on("data", (chunk: Buffer) => {
    raw += chunk.toString("latin1");
    screen.write(chunk, wake);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      screen.write("", () => {
        wake();
        resolve(code);
      }),
    );
  });
  return {
    text: () => textOn(screen),
    changed: () => new Promise((resolve) => waiting.push(resolve)),
    interrupt: () => interrupt(child),
    ended,
    colored: () => raw.includes("\u001b[3"),
  };
}

function interrupt(child: ChildProcess): void {
  if (child.stdin === null) child.kill("SIGINT");
  else child.stdin.write("\u0003");
}

function textOn({ buffer: { active } }: Terminal): string {
  const lines = Array.from(
    { length: active.length },
    (_, at) => active.getLine(at)?.translateToString(true) ?? "",
  );
  return lines.join("\n").trimEnd();
}
