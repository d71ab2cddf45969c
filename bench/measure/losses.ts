import { isObject } from "../../integration_tests/fake-api/json.ts";
import { inFolder } from "../../integration_tests/input-files.ts";
import type { Program, ProgramName } from "../programs/program.ts";
import { writeTask } from "../programs/task.ts";
import { runMeasured } from "../run/run-measured.ts";
import { type BrokenPage, ID_FIELD, type StandInOptions } from "../stand-in/contract.ts";
import { withStandIn } from "../stand-in/start.ts";

/** What became of a read in which something went wrong. */
export interface Loss {
  readonly program: ProgramName;
  /** Sessions that were there from the first request to the last. */
  readonly stayed: number;
  /** Those of them that were not written. */
  readonly lost: number;
  readonly requests: number;
  /** Whether the program said that all was well: exit code 0 and no error. */
  readonly success: boolean;
}

/** Reads a set that loses a session at every n-th request. @param sessions at first */
export function lossOfMoving(program: Program, sessions: number, removeEvery: number): Promise<Loss> {
  return lossOf(program, { sessions, removeEvery });
}

/** Reads a set at rest of which one page comes back broken. */
export function lossOfBroken(program: Program, sessions: number, broken: BrokenPage): Promise<Loss> {
  return lossOf(program, { sessions, broken });
}

function lossOf(program: Program, options: Partial<StandInOptions>): Promise<Loss> {
  return inFolder((folder) =>
    withStandIn(options, async (standIn) => {
      const task = await writeTask(folder, standIn.url);
      await standIn.begin();
      const written = new Set<unknown>();
      let complained = false;
      const { code } = await runMeasured(program.read(task), (line) => {
        const message: unknown = JSON.parse(line.toString());
        if (!isObject(message)) return;
        written.add(identityIn(message));
        complained ||= isFailure(message);
      });
      const { stayed, requests } = await standIn.seenWithStayed();
      return {
        program: program.name,
        stayed: stayed.length,
        lost: stayed.filter((id) => !written.has(id)).length,
        requests: requests.length,
        success: code === 0 && !complained,
      };
    }),
  );
}

/** A session's identity as the stand-in sent it: in the record, or among what is not documented. */
function identityIn({ record }: Readonly<Record<string, unknown>>): unknown {
  const data = isObject(record) ? record["data"] : undefined;
  if (!isObject(data)) return undefined;
  const rest = data["additionalFields"];
  return data[ID_FIELD] ?? (isObject(rest) ? rest[ID_FIELD] : undefined);
}

/** A TRACE ERROR, or the status of a stream that is not complete. */
function isFailure({ trace }: Readonly<Record<string, unknown>>): boolean {
  if (!isObject(trace)) return false;
  const status = isObject(trace["stream_status"]) ? trace["stream_status"]["status"] : undefined;
  return trace["type"] === "ERROR" || status === "INCOMPLETE";
}
