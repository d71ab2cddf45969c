/** The transport on real connections. */
import { request } from "node:http";
import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createTransport, type Transport } from "../../src/http/transport.ts";
import { TransportError } from "../../src/http/transport-error.ts";
import { type RawServer, startRawServer } from "./raw-server.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const CLOSING = OK.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");

const toEnd: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

interface Setting {
  readonly server: RawServer;
  readonly transport: Transport;
  /** What came of a request: its body, or why there is none. */
  ask(): Promise<string>;
  /** Lets time pass. */
  pass(ms: number): void;
}

async function setUp(reply: (socket: Socket, before: number) => void): Promise<Setting> {
  const server = await startRawServer(reply);
  let now = 0;
  const transport = createTransport(server.origin, {}, () => now);
  toEnd.push(
    () => server.close(),
    () => transport.close(),
  );
  return {
    server,
    transport,
    ask: () => outcomeOf(transport.post("/x", "{}").answer),
    pass(ms) {
      now += ms;
    },
  };
}

async function outcomeOf(
  answer: Promise<{ readonly status: number; readonly body: Buffer }>,
): Promise<string> {
  try {
    const { status, body } = await answer;
    return `${status} ${body.toString("latin1")}`;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return `${error.sent ? "sent" : "not sent"}: ${error.message}`;
  }
}

describe("a connection", () => {
  it("carries one request after another", async () => {
    const { server, ask, pass } = await setUp((socket) => socket.write(OK));
    for (let count = 0; count < 3; count += 1) {
      expect(await ask()).toBe("200 {}");
      pass(59_000);
    }
    expect(server.connections()).toBe(1);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[0]).toMatch(/^POST \/x HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
  });

  it.each([
    ["that the server ends after the answer", CLOSING, 0],
    ["that was idle for long", OK, 60_000],
    [
      "that was idle for nearly as long as the server allows",
      OK.replace("\r\n", "\r\nkeep-alive: timeout=5\r\n"),
      4000,
    ],
    ["on which more came than was asked for", `${OK}x`, 0],
  ])("%s is followed by another one", async (_what, answer, idleMs) => {
    const { server, ask, pass } = await setUp((socket) => socket.write(answer));
    expect(await ask()).toBe("200 {}");
    pass(idleMs);
    expect(await ask()).toBe("200 {}");
    expect(server.connections()).toBe(2);
  });

  it.each([
    ["ends", (socket: Socket) => socket.end()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
    ["speaks on", (socket: Socket) => socket.write("HTTP/1.1 408 Request Timeout\r\n\r\n")],
  ])("that the server %s while it is idle is followed by another one", async (_what, stir) => {
    const open: Socket[] = [];
    const { server, ask } = await setUp((socket) => {
      open.push(socket);
      socket.write(OK);
    });
    expect(await ask()).toBe("200 {}");
    const [socket] = open;
    const gone = new Promise((resolve) => socket?.on("close", resolve));
    if (socket !== undefined) stir(socket);
    await gone;
    // What the other side did is there to be read.
    await turn();
    expect(await ask()).toBe("200 {}");
    expect(server.connections()).toBe(2);
  });
});

describe("a request", () => {
  it("without a whole answer says that it was sent", async () => {
    const cut = "sent: the other side ended the connection";
    const { ask } = await setUp((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}"));
    expect(await ask()).toBe(cut);
  });

  it("answered with something else than HTTP is one without an answer", async () => {
    const { ask } = await setUp((socket) => socket.write("hello\r\n\r\n"));
    expect(await ask()).toBe("sent: it is no HTTP answer: malformed head");
  });

  it("that nobody takes was not sent", async () => {
    const { server, ask } = await setUp(() => undefined);
    await server.close();
    expect(await ask()).toMatch(/^not sent: .*connect ECONNREFUSED/);
  });

  it("that is given up ends at once, and its answer does not reach the next one", async () => {
    const late: Socket[] = [];
    const { server, transport, ask } = await setUp((socket, before) => {
      if (before === 0) late.push(socket);
      else {
        late[0]?.write(OK.replace("{}", "[]"));
        socket.write(OK);
      }
    });
    const { answer, giveUp } = transport.post("/x", "{}");
    const outcome = outcomeOf(answer);
    while (server.requests.length === 0) await turn();
    giveUp();
    giveUp();
    expect(await outcome).toBe("sent: it was given up");
    expect(await ask()).toBe("200 {}");
  });

  it("that is given up before the connection stands is never sent", async () => {
    const { server, transport, ask } = await setUp((socket) => socket.write(OK));
    const { answer, giveUp } = transport.post("/first", "{}");
    giveUp();
    expect(await outcomeOf(answer)).toBe("not sent: it was given up");
    expect(await ask()).toBe("200 {}");
    expect(server.requests.join()).not.toContain("/first");
  });

  it("is refused while another one is open", async () => {
    const { transport } = await setUp(() => undefined);
    const { answer } = transport.post("/x", "{}");
    expect(() => transport.post("/y", "{}")).toThrow("a request is open");
    transport.close();
    expect(await outcomeOf(answer)).toMatch(/sent: the connection was closed$/);
  });
});

/** Node.js' own client as the judge. */
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
  toEnd.push(() => server.close());
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
  expect(read).toBeGreaterThan(30);
});
