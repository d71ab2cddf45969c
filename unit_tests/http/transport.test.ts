/** The transport on real connections. */
import dns from "node:dns";
import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { createTransport, type Transport } from "../../src/http/transport.ts";
import { outcomeOf } from "./outcome.ts";
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

it("is made to the next address of a host, where nobody listens at the first one", async () => {
  const server = await startRawServer((socket) => socket.write(OK));
  const addresses = [
    { address: "::1", family: 6 },
    { address: "127.0.0.1", family: 4 },
  ];
  const lookup = jest.spyOn(dns, "lookup").mockImplementation((...args: readonly unknown[]) => {
    const done = args.at(-1);
    if (typeof done === "function") process.nextTick(done, null, addresses);
  });
  const transport = createTransport(server.origin.replace("127.0.0.1", "two.example"), {}, () => 0);
  toEnd.push(
    () => lookup.mockRestore(),
    () => server.close(),
    () => transport.close(),
  );
  expect(await outcomeOf(transport.post("/x", "{}").answer)).toBe("200 {}");
  expect(lookup).toHaveBeenCalledTimes(1);
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
