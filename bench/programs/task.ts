import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { catalogOf, configFor } from "../../integration_tests/connector.ts";
import type { ExportRequest } from "../../integration_tests/fake-api/request.ts";
import { KEYS } from "../../integration_tests/fake-api/test-client.ts";
import { FROM, TO } from "../stand-in/contract.ts";

/** A folder with what a program is given: config.json, catalog.json, and pages.json for the bare fetch. */
export interface Task {
  readonly config: string;
  readonly catalog: string;
  readonly pages: string;
}

function date(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/**
 * Writes what a program needs to read all sessions of a stand-in.
 * @param columns default: all
 */
export async function writeTask(folder: string, url: string, columns: readonly string[] = []): Promise<Task> {
  const task: Task = {
    config: join(folder, "config.json"),
    catalog: join(folder, "catalog.json"),
    pages: join(folder, "pages.json"),
  };
  await writeFile(
    task.config,
    JSON.stringify(configFor({ url }, { start_date: date(FROM), end_date: date(TO) })),
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
