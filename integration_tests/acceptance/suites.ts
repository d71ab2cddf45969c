/**
 * What acceptance-test-config.yml configures for Airbyte's connector acceptance tests. The tests beside this file make
 * the assertions of those, which themselves need Docker and an account.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { type ConnectorRun, configFor, runConnector } from "../connector.ts";
import { isObject } from "../fake-api/json.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import type { CatalogStream } from "../message.ts";

const ROOT = join(__dirname, "..", "..");

/** Where a run with an account has the keys, and a run without one this sample. */
const SECRET = "secrets/config.json";
const SAMPLE = "integration_tests/acceptance/sample_config.json";

/** One entry of a suite. */
export interface SuiteTest {
  readonly spec_path?: string;
  readonly config_path?: string;
  readonly configured_catalog_path?: string;
  readonly status?: string;
  readonly future_state?: { readonly future_state_path?: string };
}

/** The suites by name. */
export type Suites = Readonly<Record<string, { readonly tests: readonly SuiteTest[] }>>;

/** As the file has them. */
export function readSuites(): Suites {
  const file: unknown = load(readFileSync(join(ROOT, "acceptance-test-config.yml"), "utf8"));
  if (!isConfig(file)) throw new Error("acceptance-test-config.yml has no acceptance_tests");
  return file.acceptance_tests;
}

function isConfig(value: unknown): value is { acceptance_tests: Suites } {
  return isObject(value) && isObject(value["acceptance_tests"]);
}

/** The entries of a suite. @throws Error if there are none */
export function testsOf(suite: string): readonly SuiteTest[] {
  const tests = readSuites()[suite]?.tests ?? [];
  if (tests.length === 0) throw new Error(`acceptance-test-config.yml has no tests for ${suite}`);
  return tests;
}

/** A sample file. @param path from the root of this repository */
export function readSample(path = ""): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(readFileSync(join(ROOT, path), "utf8"));
  if (!isObject(value)) throw new Error(`${path} is no object`);
  return value;
}

/** A configuration of the file for a stand-in: the keys of the account are the stand-in's. */
export function configOf({ config_path = "" }: SuiteTest, api: FakeApi): object {
  if (config_path !== SECRET) return { ...readSample(config_path), api_url: api.url };
  return { ...readSample(SAMPLE), ...configFor(api) };
}

/** A stand-in with sessions in the time that the sample reads. */
export function startSamples(): Promise<FakeApi> {
  return startFakeApi({ generated: { count: 2400, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) } });
}

/** The streams that a configuration lets discover find. */
export async function discover(config: object): Promise<readonly CatalogStream[]> {
  return streamsIn(await runConnector("discover", { config }));
}

function streamsIn({ messages }: ConnectorRun): readonly CatalogStream[] {
  return messages.flatMap((message) => (message.type === "CATALOG" ? message.catalog.streams : []));
}

/** The catalog as those tests configure it. @param syncMode default: the first that each stream supports */
export function catalogFor(streams: readonly CatalogStream[], syncMode?: string): object {
  return {
    streams: streams.map((stream) => ({
      stream,
      sync_mode: syncMode ?? [stream["supported_sync_modes"]].flat()[0],
      destination_sync_mode: "append",
      cursor_field: stream["default_cursor_field"],
      primary_key: stream["source_defined_primary_key"],
    })),
  };
}
