/** A stand-in that holds the rows of odd_rows.ndjson, for tests in Python. Its first line says where it listens. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonRecord } from "../fake-api/json.ts";
import { startFakeApi } from "../fake-api/server.ts";
import { KEYS } from "../fake-api/test-client.ts";

async function main(): Promise<void> {
  const lines = readFileSync(join(__dirname, "odd_rows.ndjson"), "utf8").trim().split("\n");
  const sessions = lines.map((line): JsonRecord => JSON.parse(line));
  const api = await startFakeApi({ sessions });
  process.stdout.write(`${JSON.stringify({ url: api.url, ...KEYS })}\n`);
  process.once("SIGTERM", () => void api.close());
}

void main();
