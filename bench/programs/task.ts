import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { catalogOf, configFor } from "../../integration_tests/connector.ts";
import type { ExportRequest } from "../../integration_tests/fake-api/request.ts";
import { KEYS } from "../../integration_tests/fake-api/test-client.ts";
import { AT_REST, endOf, FROM } from "../stand-in/contract.ts";

/** A folder with what a program is given: config.json, catalog.json, and pages.json for the bare fetch. */
export interface Task {
  readonly config: string;
  readonly catalog: string;
  readonly pages: string;
  /** Undefined for a first sync. */
  readonly state: string | undefined;
}

/** What to read, if not all columns of a stand-in at its defaults. */
export interface TaskOptions {
  readonly columns?: readonly string[];
  /** How many days the stand-in's sessions are spread over. */
  readonly days?: number;
}

function date(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Writes what a program needs to read all sessions of a stand-in. */
export async function writeTask(folder: string, url: string, options: TaskOptions = {}): Promise<Task> {
  const { columns = [], days = AT_REST.days } = options;
  const task: Task = {
    config: join(folder, "config.json"),
    catalog: join(folder, "catalog.json"),
    pages: join(folder, "pages.json"),
    state: undefined,
  };
  await writeFile(
    task.config,
    JSON.stringify(configFor({ url }, { start_date: date(FROM), end_date: date(endOf(days)) })),
  );
  await writeFile(task.catalog, JSON.stringify(catalogOf({ sessions: { columns } })));
  return task;
}

/** Has the bare fetch ask for what another program asked for. */
export async function writePages(task: Task, url: string, requests: readonly ExportRequest[]): Promise<void> {
  const bodies = requests.map(({ select, ...page }) =>
    JSON.stringify({ ...KEYS, ...page, ...(select !== undefined && { options: { select } }) }),
  );
  await writeFile(task.pages, JSON.stringify({ url, bodies }));
}

/** The task of the next sync. @param states what the one before wrote last: AirbyteStateMessage, one a stream */
export async function writeState(folder: string, task: Task, states: readonly unknown[]): Promise<Task> {
  const state = join(folder, "state.json");
  await writeFile(state, JSON.stringify(states));
  return { ...task, state };
}
