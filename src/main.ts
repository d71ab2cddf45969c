import { version } from "../package.json";
import { parseCommandLine } from "./cli.ts";
import type { Context } from "./commands/context.ts";
import { Stopped, toConnectorError } from "./errors.ts";
import { createLineWriter, type LineWriter } from "./protocol/line-writer.ts";
import { errorLine } from "./protocol/messages.ts";

/** Between a signal and the end of the process, whatever the reader of stdout does. */
const LAST_WORDS_MS = 4500;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

async function main(): Promise<void> {
  const out = createLineWriter(process.stdout);
  const stop = stopOnSignals(out);
  process.on("uncaughtException", (error) => fail(out, error));
  process.on("unhandledRejection", (error) => fail(out, error));
  const context: Context = {
    out,
    env: process.env,
    stop,
    clock: () => performance.now(),
    now: () => Date.now(),
    random: Math.random,
  };
  try {
    const run = await parseCommandLine(process.argv.slice(2), version, (text) =>
      process.stderr.write(`${text}\n`),
    );
    process.exitCode ??= (await run?.(context)) ?? 0;
  } catch (error) {
    if (!(error instanceof Stopped)) fail(out, error);
  }
}

function fail(out: LineWriter, thrown: unknown): void {
  const { message, code, detail, failureType } = toConnectorError(thrown);
  const internalMessage = `${code}: ${detail}`;
  void out.write([errorLine({ message, internalMessage, failureType, stream: undefined }, Date.now())]);
  process.exitCode ??= 1;
}

/** A signal, or a reader that goes away, ends the work at the next safe place. */
function stopOnSignals(out: LineWriter): AbortSignal {
  const stop = new AbortController();
  const end = (signal: "SIGINT" | "SIGTERM") => {
    process.exitCode ??= EXIT_CODES[signal];
    stop.abort();
    setTimeout(() => process.kill(process.pid, "SIGKILL"), LAST_WORDS_MS).unref();
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  out.gone.addEventListener("abort", () => {
    // Whoever closed the pipe is done with us, as if by a SIGTERM.
    process.exitCode ??= EXIT_CODES.SIGTERM;
    stop.abort();
  });
  return stop.signal;
}

void main();
