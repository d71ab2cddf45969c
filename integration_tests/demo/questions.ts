import { DuckDBInstance } from "@duckdb/node-api";

/** Worth asking of any website; times are UTC. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "How busy was the last week?": `
SELECT epoch_ms("timestamp")::DATE AS day,
       count(*) AS sessions,
       printf('%.1f', avg(duration) / 60000) AS minutes,
       round(100 * avg(isMobile::INT))::INT || ' %' AS mobile
FROM sessions GROUP BY day ORDER BY day DESC LIMIT 7`,
  "Where do visitors land, and do they stay?": `
SELECT regexp_replace(landingPage, '[?#].*', '') AS landing_page,
       count(*) AS sessions,
       printf('%.1f', avg(pageCount)) AS pages,
       round(100 * avg((pageCount <= 1)::INT))::INT || ' %' AS left_at_once
FROM sessions WHERE landingPage <> '' GROUP BY landing_page ORDER BY sessions DESC LIMIT 5`,
  "Which sources bring them?": `
SELECT coalesce(nullif(utm_source, ''), nullif(referrer, ''), '(direct)') AS source,
       count(*) AS sessions,
       round(100 * avg((coalesce(userId, '') <> '')::INT))::INT || ' %' AS known_users
FROM sessions GROUP BY source ORDER BY sessions DESC LIMIT 5`,
};

/** Asks them, and shows question, query and answer. @param path of the database */
export async function answerQuestions(path: string, say: (text: string) => void): Promise<void> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    for (const [question, query] of Object.entries(QUESTIONS)) {
      const answer = await connection.runAndReadAll(query);
      const rows = answer.getRowsJson().map((row) => row.map(String));
      if (rows.length === 0) throw new Error(`no answer to "${question}"`);
      say(
        `${question}\n${query.replaceAll("\n", "\n  ")}\n\n${tableText([answer.columnNames(), ...rows])}\n`,
      );
    }
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
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join("   ");
  return rows.map((row) => `  ${line(row)}`).join("\n");
}
