/** Tries a built image in the ways in which it is run. Usage: tsx integration_tests/image/main.ts IMAGE */
import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { type ConnectorRun, catalogOf, configFor } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { inspectImage, type Job, runAsPlatform, runEntrypoint, runShell } from "./container.ts";
import { tryExport } from "./try-export.ts";

const SESSIONS = 2500;

const said = (text: string) => process.stdout.write(`ok  ${text}\n`);

/** Metadata and image must say the same (Airbyte's acceptance tests: image labels and environment variables). */
async function tryLabels(image: string): Promise<void> {
  const config = await inspectImage(image);
  const metadata: unknown = load(readFileSync(join(__dirname, "..", "..", "metadata.yaml"), "utf8"));
  assert.ok(isMetadata(metadata), "metadata.yaml has no dockerRepository and dockerImageTag");
  const { dockerRepository, dockerImageTag } = metadata.data;
  assert.equal(at(config, "Labels", "io.airbyte.name"), dockerRepository);
  assert.equal(at(config, "Labels", "io.airbyte.version"), dockerImageTag);
  assert.equal(config["User"], "airbyte");
  const entrypoint = config["Entrypoint"];
  assert.ok(Array.isArray(entrypoint) && Array.isArray(config["Env"]));
  assert.ok(
    config["Env"].includes(`AIRBYTE_ENTRYPOINT=${entrypoint.join(" ")}`),
    "AIRBYTE_ENTRYPOINT differs",
  );
  said(`labels ${dockerRepository}:${dockerImageTag}, AIRBYTE_ENTRYPOINT is the entrypoint`);
}

function isMetadata(value: unknown): value is { data: { dockerRepository: string; dockerImageTag: string } } {
  return (
    typeof at(value, "data", "dockerRepository") === "string" &&
    typeof at(value, "data", "dockerImageTag") === "string"
  );
}

/** A field of a field. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) =>
      typeof found === "object" && found !== null
        ? Object.entries(found).find(([key]) => key === name)?.[1]
        : undefined,
    value,
  );
}

async function tryUser(job: Job): Promise<void> {
  assert.equal(await runShell(job, "id -u; id -g; id -un"), "1000\n1000\nairbyte");
  assert.equal(await runShell(job, "command -v sleep mv >/dev/null && echo there"), "there");
  said("runs as airbyte (1000:1000), with the tools that the platform uses");
  const own = "find /airbyte ! -type l \\( ! -user root -o -perm /022 \\) -print -quit";
  assert.equal(await runShell(job, own), "");
  assert.equal(
    await runShell(job, "command -v npm npx corepack yarn; ls /usr/local/lib/node_modules 2>&1 | wc -l"),
    "1",
  );
  said("can't change its code, and has no npm");
}

type Way = (job: Job, args: readonly string[]) => Promise<ConnectorRun>;

async function tryCommands(job: Job, way: Way, api: FakeApi): Promise<void> {
  const files = { config: configFor(api), catalog: catalogOf() };
  const args = inside(job, await writeInputFiles(job.folder, files));
  const config = args.slice(0, 2);

  const only = async (type: string, command: readonly string[]) => {
    const { code, messages, stderr } = await way(job, command);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      messages.map((message) => message.type),
      [type],
    );
    return messages[0];
  };
  await only("SPEC", ["spec"]);
  const status = await only("CONNECTION_STATUS", ["check", ...config]);
  assert.equal(at(status, "connectionStatus", "status"), "SUCCEEDED");
  await only("CATALOG", ["discover", ...config]);

  const first = await way(job, ["read", ...args]);
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.records.length, SESSIONS);
  const state = inside(job, await writeInputFiles(job.folder, { state: [first.states.at(-1)] }));
  const second = await way(job, ["read", ...args, ...state]);
  assert.equal(second.code, 0, second.stderr);
  assert.equal(second.records.length, 0);
  said(`spec, check, discover, read and read again from ${job.mountedAt}, by ${way.name}`);
}

/** Arguments that name a configuration, as the container sees it. */
async function configInside(job: Job, api: FakeApi): Promise<string[]> {
  return inside(job, await writeInputFiles(job.folder, { config: configFor(api) }));
}

function inside(job: Job, args: readonly string[]): string[] {
  return args.map((arg) => arg.replace(job.folder, job.mountedAt));
}

/** Nothing but the API is asked for anything. */
async function tryOffline(job: Job, api: FakeApi): Promise<void> {
  const args = await configInside(job, api);
  for (const [type, command] of [
    ["SPEC", ["spec"]],
    ["CATALOG", ["discover", ...args]],
  ] as const) {
    const { code, messages } = await runEntrypoint({ ...job, offline: true }, command);
    assert.deepEqual([code, messages.map((message) => message.type)], [0, [type]]);
  }
  said("spec and discover need no network");
}

async function tryForms(job: Job, api: FakeApi): Promise<void> {
  await tryExport(job, await configInside(job, api), SESSIONS);
  said(`export and export again to .duckdb and .csv in ${job.mountedAt}`);
}

async function main(image: string): Promise<void> {
  await tryLabels(image);
  const to = Date.now() - 60_000;
  const api = await startFakeApi({ generated: { count: SESSIONS, to } });
  try {
    await inFolder(async (folder) => {
      // The container's user is not the owner.
      chmodSync(folder, 0o777);
      await tryUser({ image, folder, mountedAt: "/config" });
      await tryCommands({ image, folder, mountedAt: "/source" }, runAsPlatform, api);
      await tryCommands({ image, folder, mountedAt: "/secrets" }, runEntrypoint, api);
      await tryOffline({ image, folder, mountedAt: "/config" }, api);
      await tryForms({ image, folder, mountedAt: "/data" }, api);
    });
  } finally {
    await api.close();
  }
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
