/** The floor: fetches pages one after another on one connection, and throws the bytes away as they came. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { EXPORT_PATH } from "../../integration_tests/fake-api/export-route.ts";
import { isObject } from "../../integration_tests/fake-api/json.ts";

const HEADERS = { "content-type": "application/json", "accept-encoding": "gzip" };

function fetchPage(url: string, agent: Agent, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", agent, headers: HEADERS }, (incoming) => {
      if (incoming.statusCode !== 200) reject(new Error(`HTTP status ${incoming.statusCode}`));
      incoming.on("error", reject).on("end", resolve).resume();
    });
    outgoing.on("error", reject).end(body);
  });
}

async function main(): Promise<void> {
  const told: unknown = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
  if (!isObject(told) || !Array.isArray(told["bodies"])) throw new Error("no pages to fetch");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = `${String(told["url"])}${EXPORT_PATH}`;
  for (const body of told["bodies"]) await fetchPage(url, agent, String(body));
  agent.destroy();
}

void main();
