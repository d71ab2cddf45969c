/** Node.js' own client reads the same bytes. */
import { request } from "node:http";
import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { createTransport } from "../../src/http/transport.ts";
import { outcomeOf } from "./outcome.ts";
import { startRawServer } from "./raw-server.ts";

function askNode(origin: string): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request(`${origin}/x`, { method: "POST", agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", (error) => resolve(`broken: ${error.message}`));
      incoming.on("end", () => resolve(`${incoming.statusCode} ${Buffer.concat(chunks).toString("latin1")}`));
    });
    outgoing.on("error", (error) => resolve(`broken: ${error.message}`)).end("{}");
  });
}

const lines = fc.constantFrom(
  "content-length: 4",
  "Content-Length:5",
  "transfer-encoding: chunked",
  "connection: close",
  "connection: keep-alive",
  "x: y",
  "x:",
  "date : today",
  " folded",
  "transfer-encoding: identity",
  "content-length: +4",
  "",
);
const answers = fc
  .record({
    first: fc.constantFrom("HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/1.1 404", "HTTP/1.1 100 x"),
    fields: fc.array(lines, { maxLength: 4 }),
    end: fc.constantFrom("\r\n", "\n"),
    body: fc.constantFrom(
      "",
      "abcd",
      "abcde",
      "4\r\nabcd\r\n0\r\n\r\n",
      "4;x\r\nabcd\r\n0\r\ny: z\r\n\r\n",
      "4\r\nabcd",
    ),
    odd: fc.option(fc.tuple(fc.nat({ max: 120 }), fc.integer({ min: 0, max: 255 })), { freq: 2 }),
  })
  .map(({ first, fields, end, body, odd }) => {
    const bytes = Buffer.from([first, ...fields, "", ""].join("\r\n").replace("\r\n", end) + body, "latin1");
    if (odd !== null && odd[0] < bytes.length) bytes[odd[0]] = odd[1];
    return bytes;
  });

it("reads nothing into an answer that Node.js does not", async () => {
  let answer: Buffer = Buffer.alloc(0);
  const server = await startRawServer((socket) => socket.end(answer));
  let read = 0;
  await fc.assert(
    fc.asyncProperty(answers, async (bytes) => {
      answer = bytes;
      const transport = createTransport(server.origin, {}, () => 0);
      const ours = await outcomeOf(transport.post("/x", "{}").answer);
      transport.close();
      if (!/^\d/.test(ours)) return;
      const judged = await askNode(server.origin);
      // What follows an answer costs it the connection with us, and the answer too with Node.js.
      if (/^broken: Parse Error: (Expected HTTP|Data after)/.test(judged)) return;
      read += 1;
      expect(ours).toBe(judged);
    }),
    { numRuns: 500 },
  );
  await server.close();
  expect(read).toBeGreaterThan(30);
});
