import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";

/** How to run a program. */
export interface Command {
  readonly argv: readonly string[];
  /** Besides PATH; no other variable of this process is handed on. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A process that has ended, and what it cost as the kernel counted it. */
export interface Run {
  readonly wallMs: number;
  /** User and system. */
  readonly cpuMs: number;
  /** The most resident memory, as it was 20 ms before the end or later; 0 for a process that lived shorter. */
  readonly peakMb: number;
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** The last of what it wrote there. */
  readonly stderr: string;
}

const TIMEOUT_MS = 900_000;
const POLL_MS = 20;
const STDERR_LENGTH = 2000;
const LINE_BREAK = 10;
/** Linux tells CPU times in hundredths of a second, whatever the kernel counts in (proc_pid_stat(5), sysconf(_SC_CLK_TCK)). */
const TICK_MS = 10;

/**
 * Runs a program with its stdout on a pipe that is drained. Only one at a time, because the kernel adds up the CPU time
 * of all children. Works for any program, on Linux alone.
 * @param takeLine takes each line of stdout, without its break
 * @throws Error if the program can't be started
 */
export async function run(
  { argv, env = {} }: Command,
  takeLine: (line: Buffer) => void = () => undefined,
): Promise<Run> {
  const [file = "", ...args] = argv;
  const cpuBefore = childrenCpuMs();
  const begun = performance.now();
  const child = spawn(file, args, {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let peakMb = 0;
  const poll = setInterval(() => {
    peakMb = Math.max(peakMb, peakSoFarMb(child.pid));
    if (performance.now() - begun > TIMEOUT_MS) child.kill("SIGKILL");
  }, POLL_MS);
  eachLine(child.stdout, takeLine);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_LENGTH);
  });
  try {
    return await new Promise((resolve, reject) => {
      let wallMs = 0;
      child.on("exit", () => {
        wallMs = performance.now() - begun;
      });
      child.on("error", reject);
      child.on("close", (code) =>
        resolve({ wallMs, cpuMs: childrenCpuMs() - cpuBefore, peakMb, code, stderr }),
      );
    });
  } finally {
    clearInterval(poll);
  }
}

/** CPU time of this process's children that have ended, and of theirs, ms. */
function childrenCpuMs(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The second field, the program's name, may hold spaces. The next one is number 3; cutime and cstime are 16 and 17.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[16 - 3]) + Number(fields[17 - 3])) * TICK_MS;
}

/** The most resident memory of a running process, MB; 0 once it has ended. */
function peakSoFarMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1000;
  } catch {
    // It has ended since the last time, and keeps nothing from being measured.
    return 0;
  }
}

/** Cuts a stream into lines; cheap, for it runs beside what is measured. */
function eachLine(stream: Readable, take: (line: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    const bytes = Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(LINE_BREAK); end !== -1; end = bytes.indexOf(LINE_BREAK, at)) {
      take(bytes.subarray(at, end));
      at = end + 1;
    }
    rest = bytes.subarray(at);
  });
}
