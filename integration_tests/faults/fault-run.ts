/** Runs of the built program while the API fails. */
import { expect } from "@jest/globals";
import { type ConnectorRun, configFor, type ReadChoice, readFrom, runConnector } from "../connector.ts";
import { expectedRecord, withoutKey } from "../expected-record.ts";
import type { Fault, FaultRule } from "../fake-api/faults.ts";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import type { RecordMessage } from "../message.ts";
import { expectNoSecret } from "./secrets.ts";

const FROM = Date.UTC(2024, 0, 1);
const TO = Date.UTC(2024, 2, 1);

/** Sessions of a stand-in that fails: a dozen pages. */
export const COUNT = 1150;

/** How a stand-in is asked: little patience, so that tests are quick. */
export const HASTY = { request_timeout_seconds: 1, retry_deadline_seconds: 30 } as const;

/** Does some work with a stand-in that holds `COUNT` sessions, and closes it. */
export async function withApi<T>(options: FakeApiOptions, work: (api: FakeApi) => Promise<T>): Promise<T> {
  const sessions = options.sessions === undefined ? { generated: { count: COUNT, from: FROM, to: TO } } : {};
  const api = await startFakeApi({ ...sessions, ...options });
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

/** Reads with little patience. @throws Error where any form of a key stands in the output */
export async function readHastily(api: Pick<FakeApi, "url">, choice: ReadChoice = {}): Promise<ConnectorRun> {
  const run = await readFrom(api, { ...choice, config: { ...HASTY, ...choice.config } });
  expectNoSecret(run);
  return run;
}

/** Checks with little patience. @returns the status, and what it says @throws Error as `readHastily` does */
export async function checkHastily(api: Pick<FakeApi, "url">, config: object = {}): Promise<string> {
  const run = await runConnector("check", { config: configFor(api, { ...HASTY, ...config }) });
  expectNoSecret(run);
  expect(run.code).toBe(0);
  const last = run.messages.at(-1);
  if (last?.type !== "CONNECTION_STATUS") throw new Error(`no CONNECTION_STATUS: ${JSON.stringify(last)}`);
  const { status, message } = last.connectionStatus;
  return message === undefined ? status : `${status}: ${message}`;
}

/** Requests after the first few, so that some sessions have been written by then. */
export function from(number: number, what: Fault): FaultRule {
  return { when: { requests: [...Array(5000).keys()].map((at) => at + number) }, what };
}

/** Holds records, in any order, against all sessions of a stand-in: each there, whole, and once. */
export function expectWhole(api: FakeApi, records: readonly RecordMessage[]): void {
  const truth = [...api.handle.truth()].map(({ row }) => textOf(expectedRecord(row))).sort();
  const found = records.map(({ data }) => textOf(withoutKey(data))).sort();
  expect(found.length).toBe(truth.length);
  // One of them is enough to see what is wrong.
  expect(found.find((record, at) => record !== truth[at])).toBeUndefined();
}

/** Holds records against all sessions of a stand-in: each there, whole; some perhaps more than once. */
export function expectNoneLost(api: FakeApi, records: readonly RecordMessage[]): void {
  const found = new Set(records.map(({ data }) => textOf(withoutKey(data))));
  const lost = [...api.handle.truth()].filter(({ row }) => !found.has(textOf(expectedRecord(row))));
  expect(lost.length).toBe(0);
}

/** Fields by name: their order is not at issue. */
function textOf(record: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
