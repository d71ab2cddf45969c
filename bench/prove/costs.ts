import { type Case, usual } from "../../unit_tests/model/case.ts";
import { orders } from "../../unit_tests/model/kinds.ts";
import { play } from "../../unit_tests/model/play.ts";
import { engine } from "../../unit_tests/model/run.ts";
import { markdownTable } from "../report/document.ts";

const DAY = 86_400;
const large: Partial<Case> = { pageSize: 100, outside: 0, duplicates: 0, late: 0 };

/** Sets of the size that connections have. */
const sets: Readonly<Record<string, Partial<Case>>> = {
  "history, 20,000 sessions": { ...large, sessions: 20_000, window: 100 * DAY },
  "one day, 10,000 sessions": { ...large, sessions: 10_000, window: DAY },
  "the same, moving": { ...large, sessions: 10_000, window: DAY, move: 0.5, recent: 0.9 },
  "10,000 in a minute": { ...large, sessions: 10_000, dense: 60 },
  "15,000 in a second": { ...large, sessions: 100, burst: 15_000 },
};

/** Requests for each 100 sessions of a first sync, by order and set, as a table. */
export async function costTable(): Promise<string> {
  const rows: string[][] = [];
  for (const order of orders) {
    const row: string[] = [order];
    for (const set of Object.values(sets)) {
      const { requests, sessions, end } = await play({ ...usual, ...set, order }, engine);
      row.push(end === "ok" ? ((100 * requests) / sessions).toFixed(2) : end);
    }
    rows.push(row);
    process.stderr.write(`${row.join(" | ")}\n`);
  }
  return markdownTable(["order", ...Object.keys(sets)], rows);
}
