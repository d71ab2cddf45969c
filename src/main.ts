import "./current-folder.ts";
import { relative } from "node:path";
import { version } from "../package.json";
import { parseCommandLine } from "./cli/command-line.ts";
import { Cancelled, toConnectorError } from "./errors.ts";
import { field } from "./json.ts";
import { createLineWriter, type LineWriter } from "./protocol/line-writer.ts";
import { errorLine } from "./protocol/messages.ts";
import { createSecrets, SECRET_VARIABLES } from "./redact.ts";
import { errorText } from "./terminal/outcome-text.ts";
import { writeText } from "./terminal/terminal.ts";

/** Between being told to end and the end, whatever the reader of stdout does. */
const LAST_WORDS_MS = 4000;
const SECRETS: readonly string[] = Object.values(SECRET_VARIABLES);
/** A proxy's address may hold a password. */
const PROXY = /^(?!no_)\w*_proxy$/i;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** What writing to a pipe fails with once its reader has closed it. */
const READER_GONE = ["EPIPE", "ECONNRESET"];

async function main(): Promise<void> {
  const env = takeEnvironment();
  const out = createLineWriter(process.stdout);
  const secrets = createSecrets();
  const { redact } = secrets;
  secrets.hide(SECRETS.map((name) => env[name] ?? ""));
  const { forPeople, run } = await parseCommandLine(process.argv.slice(2), programName(), version);
  const stop = stopFor(out, forPeople);
  // Each thread that DuckDB is called on keeps memory of its own; one at a time is called anyway.
  if (forPeople) process.env["UV_THREADPOOL_SIZE"] ??= "1";
  const { stderr, stdout } = process;
  const atTerminal = stdout.isTTY === true;
  let failed = false;
  const fail = (thrown: unknown) => {
    process.exitCode ??= 1;
    // What follows the first failure may be its consequence.
    if (failed) return;
    failed = true;
    const error = toConnectorError(thrown);
    if (forPeople || (atTerminal && error.code === "usage")) writeText(stderr, env, redact(errorText(error)));
    else void out.write([errorLine(error, redact, Date.now())]);
  };
  const crash = (error: unknown) => {
    fail(error);
    stop.now(1);
  };
  process.on("uncaughtException", crash);
  // Where nobody reads stderr any more, nobody is told.
  stderr.on("error", () => undefined);
  process.on("unhandledRejection", crash);
  const monotonicNow = () => performance.now();
  const clocks = { monotonicNow, now: Date.now, random: Math.random };
  try {
    const code = await run({ ...clocks, out, err: stderr, atTerminal, secrets, env, stop: stop.signal });
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

/**
 * A signal, or a reader that goes away, ends the work at the next safe place.
 * @param byCode whether the end is an exit code also where the reader has gone: shells tell people of a signal
 */
function stopFor(out: LineWriter, byCode: boolean) {
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
    /** Aborted when the work is to come to its end. */
    signal: stop.signal,
    now,
    /** The work has come to its end; what is left to do is for stdout to take what was written. */
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

function isReaderGone({ gone }: LineWriter): boolean {
  const code = field(gone.reason, "code");
  return gone.aborted && (typeof code !== "string" || READER_GONE.includes(code));
}

void main();
