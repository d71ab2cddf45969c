import { spawn } from "node:child_process";
import { type ConnectorRun, understand } from "../connector.ts";
import type { Run } from "../program.ts";

/** A command with a folder of its own, as the platform runs one. */
export interface Job {
  readonly image: string;
  /** Folder on this machine. */
  readonly folder: string;
  /** Where the container has it: also its current folder. */
  readonly mountedAt: string;
  /** Without any network. */
  readonly offline?: boolean;
}

/** What Airbyte takes away where it runs connectors rootless, and a file system that can't be written to besides. */
const CONFINED = [
  "--read-only",
  "--read-only-tmpfs=false",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  "--memory=512m",
];

function podman(args: readonly string[]): Promise<Run> {
  const child = spawn("podman", args, { stdio: ["ignore", "pipe", "pipe"] });
  const out: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const lines = Buffer.concat(out).toString().split("\n");
      const rest = lines.pop() ?? "";
      resolve({ lines, rest, stderr, code, signal });
    });
  });
}

/**
 * Runs the image's entrypoint, as `docker run` does.
 * @throws Error if anything stands on stdout that is not of the protocol
 */
export async function runEntrypoint(job: Job, args: readonly string[]): Promise<ConnectorRun> {
  return understand(await runPlainly(job, args));
}

/** Runs the image's entrypoint, whatever it writes. */
export function runPlainly(job: Job, args: readonly string[]): Promise<Run> {
  return podman(["run", ...optionsOf(job), job.image, ...args]);
}

/**
 * Runs a command as the platform runs a read: through a shell, by the variable AIRBYTE_ENTRYPOINT, in the background,
 * into named pipes of the current folder, and its exit code into a file beside them.
 * @throws Error if anything stands on stdout that is not of the protocol
 */
export async function runAsPlatform(job: Job, args: readonly string[]): Promise<ConnectorRun> {
  const command = `
    mkfifo stdout stderr
    (eval "$AIRBYTE_ENTRYPOINT ${args.join(" ")} 2> stderr > stdout"; echo $? > exitCode.txt) &
    cat stderr >&2 & cat stdout; wait
    code=$(cat exitCode.txt); rm stdout stderr exitCode.txt; exit "$code"`;
  return understand(await podman(["run", ...shellOptions(job), "-c", command]));
}

/** Runs anything in the image. */
export async function runShell(job: Job, command: string): Promise<string> {
  const { lines } = await podman(["run", ...shellOptions(job), "-c", command]);
  return lines.join("\n");
}

/** What an image says about itself (its Config). */
export async function inspectImage(image: string): Promise<Readonly<Record<string, unknown>>> {
  const { lines } = await podman(["image", "inspect", "--format", "{{json .Config}}", image]);
  return JSON.parse(lines.join("\n"));
}

function optionsOf(job: Job): string[] {
  const { folder, mountedAt } = job;
  // The host's network, for the stand-in API on its loopback.
  const network = job.offline === true ? "none" : "host";
  return [
    "--rm",
    `--network=${network}`,
    ...CONFINED,
    `--volume=${folder}:${mountedAt}`,
    `--workdir=${mountedAt}`,
  ];
}

function shellOptions(job: Job): string[] {
  return [...optionsOf(job), "--entrypoint=sh", job.image];
}
