import { DuckDBInstance } from "@duckdb/node-api";

/** Worth asking of any website; times are UTC. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "How busy was the last week?": `
    select epoch_ms("timestamp")::date as day,
      count(*) as sessions,
      round(avg(duration) / 60000, 1) as minutes,
      round(100 * avg(isMobile::int))::int || ' %' as mobile
    from sessions group by day order by day desc limit 7`,
  "Where do visitors land, and do they stay?": `
    select regexp_replace(landingPage, '[?#].*', '') as landing_page,
      count(*) as sessions,
      round(avg(pageCount), 1) as pages,
      round(100 * avg((pageCount <= 1)::int))::int || ' %' as left_at_once
    from sessions where landingPage <> '' group by landing_page order by sessions desc limit 5`,
  "Which sources bring them?": `
    select coalesce(nullif(utm_source, ''), nullif(referrer, ''), '(direct)') as source,
      count(*) as sessions,
      round(100 * avg((coalesce(userId, '') <> '')::int))::int || ' %' as known_users
    from sessions group by source order by sessions desc limit 5`,
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
      say(`${question}\n\n${tableText([answer.columnNames(), ...rows])}\n`);
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
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   ");
  return rows.map((row) => `  ${line(row)}`).join("\n");
}
