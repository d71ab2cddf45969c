import { EPOCH } from "../../unit_tests/model/cases.ts";
import { lost } from "../../unit_tests/model/judge.ts";
import type { Kind } from "./kinds.ts";
import { worldOf } from "./score.ts";

/**
 * How many sessions that stayed are lost by asking for offsets 0, 100, 200, … until the count is reached, as
 * frameworks do.
 */
export async function plainWalk(kind: Kind, cases: number): Promise<number> {
  let sum = 0;
  for (let seed = 1; seed <= cases; seed += 1) {
    const world = worldOf(kind, seed);
    const stayed = world.watch();
    const seen = new Set<unknown>();
    for (let from = 0; ; ) {
      const { rows, total = 0 } = world.answer({
        start: EPOCH - 1000,
        end: EPOCH + 40 * 86_400,
        from,
        limit: 100,
      });
      for (const row of rows) seen.add(row["id"]);
      from += 100;
      if (rows.length === 0 || from >= total) break;
    }
    sum += lost(stayed(), seen).length;
  }
  return sum;
}
