import type { BodyFault } from "../integration_tests/fake-api/faults.ts";
import { isObject } from "../integration_tests/fake-api/json.ts";
import type { FakeApiOptions } from "../integration_tests/fake-api/options.ts";
import type { Program, ProgramName } from "./programs.ts";
import { run } from "./run.ts";
import { withStandIn } from "./stand-in.ts";

/** What became of a read in which something went wrong. */
export interface Loss {
  readonly program: ProgramName;
  /** Sessions that were there from the first request to the last, and were not written. */
  readonly lost: number;
  /** Whether the program said that all was well: exit code 0, no error in a TRACE message, no stream incomplete. */
  readonly success: boolean;
}

/** Something that goes wrong, and what each program lost. */
export interface Mishap {
  readonly what: string;
  readonly losses: readonly Loss[];
}

/** Answers that come with status 200 and hold no page, or part of one. */
const BROKEN: readonly (readonly [kind: BodyFault["kind"], what: string])[] = [
  ["empty-page", "a page without rows, `total` unchanged"],
  ["no-data", "a page without `exports.data`"],
  ["no-exports", "an answer without `exports`"],
  ["failure-200", "`status: failure` with HTTP status 200"],
  ["null-rows", "every second row `null`"],
  ["html-200", "a maintenance page in HTML, HTTP status 200"],
  ["cut-json", "JSON cut off in the middle"],
];
/** Late enough for a read to be under way. */
const BROKEN_REQUEST = 4;
/** In it each row tells its identity. */
const ID_FIELD = "benchId";

/** Reads what loses a session every seven requests, then sets at rest of which one page comes back broken. */
export async function measureLosses(
  programs: readonly Program[],
  tell: (what: string) => void,
): Promise<readonly Mishap[]> {
  const kinds: readonly (readonly [what: string, sessions: number, options: FakeApiOptions])[] = [
    ["50,000 sessions, one less every 7 requests", 50_000, { drift: { every: 7, remove: 1 } }],
    ...BROKEN.map(([kind, what]) => {
      const faults = [{ when: { requests: [BROKEN_REQUEST] }, what: { kind } }];
      return [what, 20_000, { faults }] as const;
    }),
  ];
  const mishaps: Mishap[] = [];
  for (const [what, sessions, options] of kinds) {
    tell(`lost: ${what}`);
    const losses: Loss[] = [];
    for (const program of programs) losses.push(await lossOf(program, sessions, options));
    mishaps.push({ what, losses });
  }
  return mishaps;
}

function lossOf(program: Program, sessions: number, options: FakeApiOptions): Promise<Loss> {
  return withStandIn(sessions, { ...options, idField: ID_FIELD }, async ({ files, seen }) => {
    const written = new Set<unknown>();
    let failed = false;
    const { code } = await run(program.read(files), (line) => {
      const message: unknown = JSON.parse(line.toString());
      if (!isObject(message)) return;
      written.add(identityIn(message));
      failed ||= isFailure(message);
    });
    const { stayed } = await seen();
    const lost = stayed.filter((id) => !written.has(id)).length;
    return { program: program.name, lost, success: code === 0 && !failed };
  });
}

/** A session's identity as the stand-in sent it: in the record, or among what is not documented. */
function identityIn({ record }: Readonly<Record<string, unknown>>): unknown {
  const data = isObject(record) ? record["data"] : undefined;
  if (!isObject(data)) return undefined;
  const rest = data["additionalFields"];
  return data[ID_FIELD] ?? (isObject(rest) ? rest[ID_FIELD] : undefined);
}

function isFailure({ trace }: Readonly<Record<string, unknown>>): boolean {
  if (!isObject(trace)) return false;
  const status = isObject(trace["stream_status"]) ? trace["stream_status"]["status"] : undefined;
  return trace["type"] === "ERROR" || status === "INCOMPLETE";
}
