import "./current-folder.ts";
import { relative } from "node:path";
import { version } from "../package.json";
import { parseCommandLine } from "./cli/command-line.ts";
import type { Context } from "./commands/context.ts";
import { Cancelled, type ConnectorError, toConnectorError } from "./errors.ts";
import { createLineWriter, type LineWriter } from "./protocol/line-writer.ts";
import { errorLine } from "./protocol/messages.ts";
import { createSecrets, type Secrets } from "./redact.ts";
import { errorText } from "./terminal/outcome-text.ts";
import { terminalStyle, terminalText } from "./terminal/terminal.ts";

/** Between being told to end and the end, whatever the reader of stdout does. */
const LAST_WORDS_MS = 4000;
/** What may be given in the environment, and appears in no output. */
const SECRETS = ["BROWSEE_API_KEY", "BROWSEE_SECRET_KEY", "BROWSEE_SESSION_KEY_SALT"];
/** A proxy's address may hold a password. */
const PROXY = /^(?!no_)\w*_proxy$/i;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** What writing to a pipe fails with once its reader has closed it. */
const READER_GONE = ["EPIPE", "ECONNRESET"];

async function main(): Promise<void> {
  const env = takeEnvironment();
  const out = createLineWriter(process.stdout);
  const secrets = createSecrets();
  secrets.hide(SECRETS.map((name) => env[name] ?? ""));
  const { forPeople, run } = await parseCommandLine(process.argv.slice(2), programName(), version);
  const stop = stopFor(out, forPeople);
  // Each thread that DuckDB is called on keeps memory of its own; one at a time is called anyway.
  if (forPeople) process.env["UV_THREADPOOL_SIZE"] ??= "1";
  const atTerminal = process.stdout.isTTY === true;
  const fail = createFail((error) => {
    if (forPeople || (atTerminal && error.code === "usage")) sentence(error);
    else void out.write([traceLine(error)]);
  }, secrets);
  const crash = (error: unknown) => {
    fail(error);
    stop.now(1);
  };
  process.on("uncaughtException", crash);
  // Where nobody reads stderr any more, nobody is told.
  process.stderr.on("error", () => undefined);
  process.on("unhandledRejection", crash);
  const context: Context = {
    out,
    err: process.stderr,
    atTerminal,
    secrets,
    env,
    stop: stop.signal,
    monotonicNow: () => performance.now(),
    now: () => Date.now(),
    random: Math.random,
  };
  try {
    const code = await run(context);
    process.exitCode ??= code;
  } catch (error) {
    if (!(error instanceof Cancelled)) fail(error);
  }
  stop.over();
}

/** The environment, whose secrets are then gone from the process: a diagnostic report would have them in the open. */
function takeEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (SECRETS.includes(name) || PROXY.test(name)) delete process.env[name];
  return env;
}

/** The program as it was called, so that what is said can be typed: by its file, or by the name that npm gives it. */
function programName(): string {
  const [, path = ""] = process.argv;
  if (!path.endsWith(".js")) return "source-browsee";
  const near = relative(process.cwd(), path);
  return `node ${near.startsWith("..") ? path : near}`;
}

/** Ends the work early. */
interface Stop {
  /** Aborted when the work is to come to its end. */
  readonly signal: AbortSignal;
  now(code: number): void;
  /** The work has come to its end; what is left to do is for stdout to take what was written. */
  over(): void;
}

/**
 * A signal, or a reader that goes away, ends the work at the next safe place.
 * @param byCode whether the end is an exit code also where the reader has gone: shells tell people of a signal
 */
function stopFor(out: LineWriter, byCode: boolean): Stop {
  const stop = new AbortController();
  let working = true;
  const end = () => {
    if (isReaderGone(out) && !byCode) raiseSigterm();
  };
  const now = (code: number) => {
    // PyAirbyte sends SIGTERM as soon as it has the line that it wanted, and takes only 0 for success.
    if (working) process.exitCode ||= code;
    stop.abort();
    if (!working) end();
    // Never waited for: what comes to its end by itself does so with all of its output.
    setTimeout(() => {
      process.exitCode ||= code;
      end();
      process.exit();
    }, LAST_WORDS_MS).unref();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => now(EXIT_CODES[signal]));
  out.gone.addEventListener("abort", () => {
    if (isReaderGone(out)) return now(EXIT_CODES.SIGTERM);
    process.stderr.write(`stdout can't be written: ${String(out.gone.reason)}\n`);
    now(1);
  });
  return {
    signal: stop.signal,
    now,
    over() {
      working = false;
      end();
    },
  };
}

/**
 * Whoever closed the pipe is done with us, and takes an end by SIGTERM for a clean one. To process 1 of a container
 * the signal does nothing; then it is the exit code.
 */
function raiseSigterm(): void {
  process.removeAllListeners("SIGTERM");
  process.kill(process.pid, "SIGTERM");
}

/** Tells of the first failure only: what follows may be its consequence. */
function createFail(
  tell: (error: ConnectorError) => unknown,
  { redact }: Secrets,
): (thrown: unknown) => void {
  let told = false;
  return (thrown) => {
    process.exitCode ??= 1;
    if (told) return;
    told = true;
    const error = toConnectorError(thrown);
    tell(error.reworded(redact(error.message), redact(error.detail)));
  };
}

/** For programs. */
function traceLine({ message, code, detail, failureType }: ConnectorError): string {
  const internalMessage = `${code}: ${detail}`;
  return errorLine({ message, internalMessage, failureType, stream: undefined }, Date.now());
}

/** For people. */
function sentence(error: ConnectorError): void {
  const style = terminalStyle(process.stderr, process.env);
  process.stderr.write(`${terminalText(errorText(error), style)}\n`);
}

function isReaderGone({ gone }: LineWriter): boolean {
  return gone.aborted && (!hasCode(gone.reason) || READER_GONE.includes(gone.reason.code));
}

function hasCode(value: unknown): value is { code: string } {
  return typeof value === "object" && value !== null && "code" in value && typeof value.code === "string";
}

void main();
