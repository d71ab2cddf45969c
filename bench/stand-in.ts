import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { catalogOf, configFor } from "../integration_tests/connector.ts";
import type { FakeApiOptions } from "../integration_tests/fake-api/options.ts";
import type { ExportRequest } from "../integration_tests/fake-api/request.ts";
import { KEYS } from "../integration_tests/fake-api/test-client.ts";
import { inFolder } from "../integration_tests/input-files.ts";
import type { Seen } from "./stand-in-process.ts";

/** A stand-in API in a process of its own, and what a program is given to read it. */
export interface StandIn {
  readonly url: string;
  readonly files: Files;
  /** What came since it was asked before. */
  readonly seen: () => Promise<Seen>;
}

/** Paths of what a program is given. */
export interface Files {
  readonly config: string;
  readonly catalog: string;
  /** For the bare fetch. */
  readonly pages: string;
  /** Where an export goes; not there at first. */
  readonly store: string;
}

/** The sessions start within 30 days that are long past, so that all runs read the same. */
const FROM = Date.UTC(2025, 5, 1);
const TO = Date.UTC(2025, 6, 1);

/**
 * Does some work with a stand-in, which is gone afterwards.
 * @param sessions how many it holds
 * @param options how else it differs from the API as documented
 * @throws Error if it ends early
 */
export function withStandIn<T>(
  sessions: number,
  options: FakeApiOptions,
  work: (standIn: StandIn) => Promise<T>,
): Promise<T> {
  return inFolder(async (folder) => {
    const generated = { count: sessions, from: FROM, to: TO };
    const child = fork(join(__dirname, "stand-in-process.ts"), [JSON.stringify({ ...options, generated })]);
    try {
      const url: string = await nextMessage(child);
      const files = await writeFiles(folder, url);
      const seen = (): Promise<Seen> => {
        child.send("report");
        return nextMessage(child);
      };
      return await work({ url, files, seen });
    } finally {
      child.disconnect();
    }
  });
}

async function writeFiles(folder: string, url: string): Promise<Files> {
  const files: Files = {
    config: join(folder, "config.json"),
    catalog: join(folder, "catalog.json"),
    pages: join(folder, "pages.json"),
    store: join(folder, "sessions.duckdb"),
  };
  const date = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
  await writeFile(
    files.config,
    JSON.stringify(configFor({ url }, { start_date: date(FROM), end_date: date(TO) })),
  );
  await selectColumns(files, []);
  return files;
}

/** Has programs read these columns from now on; none for all. */
export function selectColumns({ catalog }: Files, columns: readonly string[]): Promise<void> {
  return writeFile(catalog, JSON.stringify(catalogOf({ sessions: { columns } })));
}

/** Has the bare fetch ask for what another program has asked for. */
export function writePages({ url, files }: StandIn, requests: readonly ExportRequest[]): Promise<void> {
  const bodies = requests.map(({ select, ...page }) =>
    JSON.stringify({ ...KEYS, ...page, ...(select !== undefined && { options: { select } }) }),
  );
  return writeFile(files.pages, JSON.stringify({ url, bodies }));
}

/** What the stand-in's process sends next; it is this program's other half, so its word is taken for the type. */
async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const gone = once(child, "exit", { signal: ended.signal }).then(() => {
    throw new Error("the stand-in has ended");
  });
  try {
    const [message]: T[] = await Promise.race([once(child, "message", { signal: ended.signal }), gone]);
    if (message === undefined) throw new Error("the stand-in said nothing");
    return message;
  } finally {
    ended.abort();
    gone.catch(() => undefined);
  }
}
