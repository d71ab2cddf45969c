import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { isObject } from "../../integration_tests/fake-api/json.ts";
import { createLineSplitter, type TakeLine } from "./line-splitter.ts";

/** What a process cost, as the kernel counted it. */
export interface Cost {
  readonly wallMs: number;
  /** User and system. */
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** A process that has ended. */
export interface Measured extends Cost {
  /** 128 and more where a signal ended it. */
  readonly code: number;
  /** The last of what it wrote on stderr. */
  readonly complaint: string;
}

/** How to run a command. */
export interface Command {
  readonly argv: readonly string[];
  /** Besides PATH; no other variable of this process is handed on. */
  readonly env?: Readonly<Record<string, string>>;
}

const USAGE = join(__dirname, "usage.pl");
const TIMEOUT_MS = 900_000;
const COMPLAINT_LENGTH = 2000;

/**
 * Runs a command with its stdout on a pipe that is drained.
 * @param takeLine takes each line of stdout, without its break; valid only during the call
 * @throws Error if the command can't be run
 */
export async function runMeasured(
  { argv, env = {} }: Command,
  takeLine: TakeLine = () => undefined,
): Promise<Measured> {
  const child = spawn("perl", [USAGE, ...argv], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    timeout: TIMEOUT_MS,
  });
  const [, stdout, stderr, report] = child.stdio;
  readable(stdout).on("data", createLineSplitter(takeLine));
  const complaint = tail(stderr);
  const told = tail(report);
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => resolve(exit ?? 128));
  });
  return { ...costIn(told(), argv, complaint()), code, complaint: complaint() };
}

function readable(stream: unknown): Readable {
  if (isReadable(stream)) return stream;
  throw new Error("the process has no pipe there");
}

function isReadable(stream: unknown): stream is Readable {
  return isObject(stream) && typeof stream["on"] === "function" && typeof stream["read"] === "function";
}

function tail(stream: unknown): () => string {
  let text = "";
  readable(stream)
    .setEncoding("utf8")
    .on("data", (more: string) => {
      text = (text + more).slice(-COMPLAINT_LENGTH);
    });
  return () => text;
}

function costIn(text: string, argv: readonly string[], complaint: string): Cost {
  const told: unknown = text === "" ? undefined : JSON.parse(text);
  if (!isObject(told)) throw new Error(`${argv.join(" ")} could not be measured: ${complaint}`);
  const number = (name: string) => Number(told[name]);
  return {
    wallMs: number("wallMs"),
    cpuMs: number("userMs") + number("systemMs"),
    peakMb: number("peakKb") / 1024,
  };
}
