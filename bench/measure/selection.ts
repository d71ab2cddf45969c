import { inFolder } from "../../integration_tests/input-files.ts";
import { LASTING_FIELDS } from "../../src/records/columns.ts";
import type { Program } from "../programs/program.ts";
import { writeTask } from "../programs/task.ts";
import { runMeasured } from "../run/run-measured.ts";
import { withStandIn } from "../stand-in/start.ts";

const COLUMNS = ["userId", "duration"];

/** Fields asked for beyond the columns that were picked and those that the key is made of, over all requests. */
export function fieldsTooMany(ours: Program): Promise<readonly string[]> {
  return inFolder((folder) =>
    withStandIn({ sessions: 1000 }, async (standIn) => {
      const task = await writeTask(folder, standIn.url, { columns: COLUMNS });
      await standIn.begin();
      const { code, complaint } = await runMeasured(ours.read(task));
      if (code !== 0) throw new Error(`a read of ${COLUMNS.join(", ")}: exit code ${code}\n${complaint}`);
      const needed = new Set<string>([...LASTING_FIELDS, ...COLUMNS]);
      const { requests } = await standIn.seen();
      // Without select, all fields are asked for.
      const asked = requests.flatMap(({ select }) => select ?? ["(all)"]);
      return [...new Set(asked)].filter((field) => !needed.has(field));
    }),
  );
}
