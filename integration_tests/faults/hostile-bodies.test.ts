/** Responses that are small on the wire and would be large in memory, read with little memory. */
import { createServer } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, readFrom } from "../connector.ts";
import { expectNoSecret } from "./secrets.ts";
import { bodyServer, type Listening, listen } from "./servers.ts";

/** MB of heap: a body that is parsed, or kept in its pieces, would take several times that. */
const HEAP = ["--max-old-space-size=48"];

/** Reads from a server once, then closes it. */
async function readOnce(server: Listening): Promise<ConnectorRun> {
  const config = { request_timeout_seconds: 60, retry_deadline_seconds: 5 };
  const url = `http://127.0.0.1:${server.port}`;
  const run = await readFrom({ url }, { config, options: { nodeArgs: HEAP } });
  expectNoSecret(run);
  await server.close();
  return run;
}

describe("a response", () => {
  it("that nests millions of levels deep is refused before it is parsed", async () => {
    const levels = "[".repeat(2_000_000);
    const body = `{"status":"success","exports":{"total":1,"data":[{"x":${levels}${levels.replaceAll("[", "]")}}]}}`;
    const run = await readOnce(await bodyServer({}, Buffer.from(body)));
    expect(run.errors).toMatchObject([
      { failure_type: "system_error", message: expect.stringContaining("deeper than 100000 levels") },
    ]);
  });

  it("that comes byte by byte takes no more memory than in one piece", async () => {
    const bytes = 1_000_000;
    const body = `{"status":"success","exports":{"total":0,"to":0,"data":[${" ".repeat(bytes)}]}}`;
    const server = createServer((_request, response) => {
      // Chunks of one byte each, but written many at a time.
      response.socket?.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      response.socket?.end(`${[...body].map((byte) => `1\r\n${byte}\r\n`).join("")}0\r\n\r\n`);
    });
    const run = await readOnce(await listen(server));
    expect(run).toMatchObject({ code: 0, errors: [], records: [] });
  });
});
