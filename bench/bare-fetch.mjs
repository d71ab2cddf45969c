/** The floor: sends requests one after another on one connection, and throws the bytes away as they come. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";

const { url, bodies } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const headers = { "content-type": "application/json", "accept-encoding": "gzip" };
for (const body of bodies) {
  await new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}/api/v1/export/sessions`,
      { method: "POST", agent, headers },
      (incoming) => {
        if (incoming.statusCode !== 200) reject(new Error(`HTTP status ${incoming.statusCode}`));
        incoming.on("error", reject).on("end", resolve).resume();
      },
    );
    outgoing.on("error", reject).end(body);
  });
}
agent.destroy();
