/** Runs the built program as its users do: a process of its own, known by its arguments, pipes and exit. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** The built program. */
export const MAIN = join(__dirname, "..", "dist", "main.js");

/** Longer than any run of a test may take, shorter than jest waits. */
const TIMEOUT_MS = 100_000;

/** V8 would otherwise take a tenth of a second of each process to make undici's parser faster. */
const QUICK = "--liftoff-only";

/** How to run it. */
export interface RunOptions {
  /** Environment besides PATH; default none, so that no proxy of this machine is used. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** After so long it is killed (SIGKILL), ms; default 100,000. */
  readonly timeoutMs?: number;
  /** Arguments for node itself. */
  readonly nodeArgs?: readonly string[];
  /** A command that starts the one that follows it, e.g. with less rights. */
  readonly through?: readonly string[];
  /** Takes each line of stdout as it comes, without its line break; then none is kept. */
  readonly onLine?: (line: string, running: Running) => void;
}

/** The program while it runs. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves when the process has ended and its pipes are read; rejects as `onLine` throws, or if stdout is not UTF-8. */
  readonly ended: Promise<Run>;
}

/** What became of a run. */
export interface Run {
  /** Lines of stdout, without line breaks; none where `onLine` took them. */
  readonly lines: readonly string[];
  /** What stands on stdout behind the last line break; "" where every line is whole. */
  readonly rest: string;
  readonly stderr: string;
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts the program. @param args of the program, without node and the file */
export function startProgram(args: readonly string[], options: RunOptions = {}): Running {
  const { env = {}, cwd, timeoutMs = TIMEOUT_MS, nodeArgs = [], through = [], onLine } = options;
  const [command = "", ...rest] = [...through, process.execPath, QUICK, ...nodeArgs, MAIN, ...args];
  const child = spawn(command, rest, {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const lines: string[] = [];
  const take = onLine === undefined ? (line: string) => void lines.push(line) : onLine;
  const ended = new Promise<Run>((resolve, reject) => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    let rest = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      try {
        const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = parts.pop() ?? "";
        for (const line of parts) take(line, running);
      } catch (error) {
        child.stdout.removeAllListeners("data").resume();
        child.kill("SIGKILL");
        reject(error);
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ lines, rest, stderr, code, signal }));
  });
  const running: Running = { child, ended };
  return running;
}

/** Runs the program to its end. */
export function runProgram(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return startProgram(args, options).ended;
}
