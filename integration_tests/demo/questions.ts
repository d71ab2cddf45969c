import { DuckDBInstance } from "@duckdb/node-api";

/** Worth asking of any website; times are UTC. Where nobody is known, userId is an empty text or NULL. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "How busy was the last week?": `
SELECT epoch_ms("timestamp")::DATE AS day,
       count(*) AS sessions,
       printf('%.1f', avg(duration) / 60000) AS minutes,
       round(100 * avg(isMobile::INT))::INT || ' %' AS mobile
FROM sessions
GROUP BY day ORDER BY day DESC LIMIT 7`,
  "Where do visitors land, and do they stay?": `
SELECT regexp_replace(landingPage, '[?#].*', '') AS page,
       count(*) AS sessions,
       printf('%.1f', avg(pageCount)) AS pages,
       round(100 * avg((pageCount <= 1)::INT))::INT || ' %'
         AS left_at_once
FROM sessions WHERE landingPage <> ''
GROUP BY page ORDER BY sessions DESC LIMIT 5`,
  "Which sources bring them, and how many people?": `
SELECT coalesce(nullif(utm_source, ''),
                nullif(referrer, ''), '(direct)') AS source,
       count(*) AS sessions,
       count(DISTINCT nullif(userId, '')) AS known_users
FROM sessions
GROUP BY source ORDER BY sessions DESC LIMIT 5`,
};

/** What a run of an export must come to. */
export interface Promised {
  readonly new: number;
  readonly changed: number;
  /** In the table. */
  readonly sessions: number;
}

/** Asks them, and shows question, query and answer. @param path of the database */
export async function answerQuestions(path: string, say: (text: string) => void): Promise<void> {
  for (const [question, query] of Object.entries(QUESTIONS)) {
    const [names = [], ...rows] = await ask(path, query);
    if (rows.length === 0) throw new Error(`no answer to "${question}"`);
    say(`${question}\n${query.replaceAll("\n", "\n  ")}\n\n${tableText([names, ...rows])}\n`);
  }
}

/** What the last export into a database has put on record. */
export async function lastRun(path: string): Promise<Promised> {
  const query = `SELECT new_sessions, changed_sessions, (SELECT count(*) FROM sessions)
    FROM browsee_export_runs ORDER BY begun_at DESC LIMIT 1`;
  const [, [added, changed, sessions] = []] = await ask(path, query);
  return { new: Number(added), changed: Number(changed), sessions: Number(sessions) };
}

/** @returns the columns' names, then the rows */
async function ask(path: string, query: string): Promise<readonly (readonly string[])[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    const answer = await connection.runAndReadAll(query);
    return [answer.columnNames(), ...answer.getRowsJson().map((row) => row.map(String))];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Columns that line up: the first to the left, numbers to the right. */
function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   ");
  return rows.map((row) => `  ${line(row)}`).join("\n");
}
