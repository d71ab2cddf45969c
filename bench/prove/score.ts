import { type Case, usual } from "../../unit_tests/model/case.ts";
import type { Problem } from "../../unit_tests/model/judge.ts";
import { caseOf } from "../../unit_tests/model/kinds.ts";
import { play, type Verdict } from "../../unit_tests/model/play.ts";
import type { Reader } from "../../unit_tests/model/reader.ts";

/** What came of many cases of one kind. */
export interface Score {
  cases: number;
  /** Cases in which something happened that must not. */
  failed: number;
  /** The first of these. */
  failing: Case | undefined;
  readonly problems: Map<Problem, number>;
  /** By the code of the error, or "ok". */
  readonly ends: Map<string, number>;
  /** In the window when the first sync began. */
  sessions: number;
  requests: number;
  /** What the same sessions cost in full pages. */
  ideal: number;
  /** Records that a run behind a kill wrote though the table held them. */
  repeatedAfterKill: number;
}

function createScore(): Score {
  return {
    cases: 0,
    failed: 0,
    failing: undefined,
    problems: new Map(),
    ends: new Map(),
    sessions: 0,
    requests: 0,
    ideal: 0,
    repeatedAfterKill: 0,
  };
}

/** Tries cases of a kind, in each order in turn. @param ignored problems that are passed over */
export async function tryCases(
  kind: Partial<Case>,
  wanted: readonly Case["order"][],
  { seed, cases, reader, ignored }: Trial,
): Promise<Score> {
  const score = createScore();
  for (let number = 0; number < cases; number += 1) {
    const order = wanted[number % wanted.length] ?? "random";
    const tried = { ...usual, ...caseOf(kind, order, seed, Math.floor(number / wanted.length)) };
    add(score, tried, await play(tried, reader), ignored);
  }
  return score;
}

/** How cases are tried. */
export interface Trial {
  readonly seed: number;
  readonly cases: number;
  readonly reader: Reader;
  readonly ignored: readonly string[];
}

function add(score: Score, tried: Case, verdict: Verdict, ignored: readonly string[]): void {
  const problems = problemsOf(verdict, ignored);
  for (const [name, times] of problems) score.problems.set(name, (score.problems.get(name) ?? 0) + times);
  score.cases += 1;
  score.ends.set(verdict.end, (score.ends.get(verdict.end) ?? 0) + 1);
  score.sessions += verdict.sessions;
  score.requests += verdict.requests;
  score.ideal += verdict.ideal;
  score.repeatedAfterKill += verdict.repeatedAfterKill;
  if (problems.length === 0) return;
  score.failed += 1;
  score.failing ??= tried;
}

/** What went wrong, but for what is passed over. */
export function problemsOf(
  { problems }: Verdict,
  ignored: readonly string[],
): readonly (readonly [Problem, number])[] {
  return allProblems.flatMap((name) => {
    const times = problems[name] ?? 0;
    return times > 0 && !ignored.includes(name) ? [[name, times] as const] : [];
  });
}

const allProblems: readonly Problem[] = [
  "lost",
  "early",
  "passed",
  "invented",
  "second key",
  "repeated",
  "sent again",
  "wide gap",
  "too many requests",
  "wrong end",
  "crash",
];
