/** Exports that are refused. */
import { readdir, readFile } from "node:fs/promises";
import { expect } from "@jest/globals";
import type { ExportChoice, Workplace } from "./workplace.ts";

/** Every file of the folder with its bytes, but for the configuration, which each run writes anew. */
async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && entry.name !== "config.json")
    .map(({ name }) => name);
  const read = async (name: string) => [name, (await readFile(`${folder}/${name}`)).toString("latin1")];
  return Object.fromEntries(await Promise.all(names.map(read)));
}

/** Expects an export to be refused with one sentence, and all files of the folder to stay as they are. */
export async function expectRefused(
  { run, folder }: Pick<Workplace, "run" | "folder">,
  to: string,
  words: string,
  choice: ExportChoice = {},
): Promise<void> {
  const before = await filesOf(folder);
  const { code, lines, stderr } = await run(to, choice);
  expect(stderr).toContain(words);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect({ code, lines }).toEqual({ code: 1, lines: [] });
  expect(await filesOf(folder)).toEqual(before);
}
