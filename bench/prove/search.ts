/**
 * Searches for cases in which sessions are lost, and prints the smallest of each kind as JSON.
 *
 *     npx tsx bench/prove/search.ts [cases of each kind and order] [seed] [kinds, with commas; all] [orders; all]
 *     npx tsx bench/prove/search.ts '{"order":"random","sessions":9}'        plays that case again
 *
 * READER=plain tries a plain reader, page by page, instead of the engine; SHRINK=0 leaves cases as they were found;
 * IGNORE="sent again;repeated" looks at other problems alone; TRACE=1 prints each step of a case that is played again.
 */
import { type Case, unusual, usual } from "../../unit_tests/model/case.ts";
import { kinds, orders } from "../../unit_tests/model/kinds.ts";
import { play } from "../../unit_tests/model/play.ts";
import type { Reader } from "../../unit_tests/model/reader.ts";
import { engine } from "../../unit_tests/model/run.ts";
import { pageByPage } from "./page-by-page.ts";
import { problemsOf, type Score, tryCases } from "./score.ts";
import { shrink } from "./shrink.ts";
import { traced } from "./traced.ts";

const reader: Reader = process.env["READER"] === "plain" ? pageByPage : engine;
const ignored = (process.env["IGNORE"] ?? "").split(";");

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main([first = "60", seed = "1", kindNames = "all", orderNames = "all"]: readonly string[]) {
  if (first.startsWith("{")) return replay(first);
  const wanted = orders.filter((order) => orderNames === "all" || orderNames.split(",").includes(order));
  const trial = { seed: Number(seed), cases: Number(first), reader, ignored };
  const since = Date.now();
  let cases = 0;
  let failed = 0;
  for (const name of chosen(kindNames, Object.keys(kinds))) {
    const line: string[] = [];
    for (const order of wanted) {
      const score = await tryCases(kinds[name] ?? {}, [order], trial);
      line.push(`${order} ${describe(score)}`);
      cases += score.cases;
      failed += score.failed;
      if (score.failing !== undefined) await show(score.failing);
    }
    print(`${name.padEnd(24)} ${line.join(" | ")}`);
  }
  const seconds = ((Date.now() - since) / 1000).toFixed(0);
  print(`${cases} cases, ${failed} with a problem; ${seconds} s`);
  if (failed > 0) process.exitCode = 1;
}

function chosen(wanted: string, known: readonly string[]): readonly string[] {
  if (wanted === "all") return known;
  // Some names hold a comma themselves.
  const names = known.filter((name) => wanted === name || wanted.split(/,(?! )/).includes(name));
  if (names.length === 0) throw new Error(`No such kind. There are: ${known.join("; ")}`);
  return names;
}

async function replay(json: string): Promise<void> {
  const tried: Case = { ...usual, ...JSON.parse(json) };
  const shown = process.env["TRACE"] === "1" ? traced(reader, print) : reader;
  print(JSON.stringify(await play(tried, shown), null, 2));
}

function describe({ problems, ends, requests, ideal, repeatedAfterKill, failed }: Score): string {
  const parts = [...problems].map(([name, times]) => `${name.toUpperCase()} ${times}`);
  if (failed > 0) parts.push(`in ${failed}`);
  if (repeatedAfterKill > 0) parts.push(`again ${repeatedAfterKill}`);
  const others = [...ends].filter(([end]) => end !== "ok").map(([end, times]) => `${end} ${times}`);
  return [...parts, `×${(requests / ideal).toFixed(2)}`, ...others].join(" ");
}

async function show(failing: Case): Promise<void> {
  const names = problemsOf(await play(failing, reader), ignored).map(([name]) => name);
  const fails = async (tried: Case) =>
    problemsOf(await play(tried, reader), ignored).some(([name]) => names.includes(name));
  const smallest = process.env["SHRINK"] === "0" ? failing : await shrink(failing, fails);
  const { problems, end, message } = await play(smallest, reader);
  print(`    ${JSON.stringify(unusual(smallest))}\n      ${JSON.stringify({ problems, end, message })}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
