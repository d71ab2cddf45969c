import type { Database } from "./database.ts";
import type { ExportedStream } from "./exported-stream.ts";
import { quoteName, quoteText } from "./sql-text.ts";

/** Names of all tables and views in the database's main schema. */
export async function tableNames(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db.rows(
    "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database() AND table_schema = 'main'",
  );
  return new Set(rows.map(([name]) => String(name)));
}

/**
 * Makes a stream's table, or adds the columns that it lacks, in the transaction that is open; each column with its
 * description as comment.
 */
export async function prepareTable(db: Database, table: string, stream: ExportedStream): Promise<void> {
  const name = quoteName(table);
  const existing = await columnNames(db, table);
  const missing = stream.columns.filter((column) => !existing.has(column.name));
  if (existing.size === 0) {
    const columns = missing.map((column) => `${quoteName(column.name)} ${column.type}`);
    await db.run(`CREATE TABLE ${name} (${columns.join(", ")})`);
    await db.run(`COMMENT ON TABLE ${name} IS ${quoteText(stream.description)}`);
  }
  for (const column of missing) {
    if (existing.size > 0)
      await db.run(`ALTER TABLE ${name} ADD COLUMN ${quoteName(column.name)} ${column.type}`);
    await db.run(`COMMENT ON COLUMN ${name}.${quoteName(column.name)} IS ${quoteText(column.description)}`);
  }
}

async function columnNames(db: Database, table: string): Promise<ReadonlySet<string>> {
  const rows = await db.rows(
    "SELECT column_name FROM information_schema.columns WHERE table_catalog = current_database() AND table_schema = 'main' AND table_name = $1",
    [table],
  );
  return new Set(rows.map(([name]) => String(name)));
}
