/** The HTTP client on real connections. */
import dns from "node:dns";
import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { createHttp, type Http, HttpError } from "../../src/browsee/http.ts";
import { type RawServer, startRawServer } from "./raw-server.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const CLOSING = OK.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
const NEVER = new AbortController().signal;

const toEnd: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

interface Setting {
  readonly server: RawServer;
  readonly http: Http;
  /** What came of a request: status and body, or why there is none. */
  ask(giveUp?: AbortSignal): Promise<string>;
}

async function setUp(reply: (socket: Socket, before: number) => void): Promise<Setting> {
  const server = await startRawServer(reply);
  const http = createHttp(server.origin, {});
  toEnd.push(server.close, http.close);
  return { server, http, ask: (giveUp = NEVER) => outcomeOf(http.post("/x", "{}", giveUp)) };
}

async function outcomeOf(response: ReturnType<Http["post"]>): Promise<string> {
  try {
    const { status, body } = await response;
    return `${status} ${body.toString()}`;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return `${error.sent ? "sent" : "not sent"}: ${Object(error.cause).message}`;
  }
}

describe("a connection", () => {
  it("carries one request after another", async () => {
    const { server, ask } = await setUp((socket) => socket.write(OK));
    for (let count = 0; count < 3; count += 1) expect(await ask()).toBe("200 {}");
    expect(server.connections()).toBe(1);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[0]).toMatch(/^POST \/x HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
  });

  it("that the server ends after the response is followed by another one", async () => {
    const { server, ask } = await setUp((socket) => socket.write(CLOSING));
    expect(await ask()).toBe("200 {}");
    expect(await ask()).toBe("200 {}");
    expect(server.connections()).toBe(2);
  });

  it.each([
    ["ends", (socket: Socket) => socket.end()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
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
  const http = createHttp(server.origin.replace("127.0.0.1", "two.example"), {});
  toEnd.push(() => lookup.mockRestore(), server.close, http.close);
  expect(await outcomeOf(http.post("/x", "{}", NEVER))).toBe("200 {}");
  expect(lookup).toHaveBeenCalledTimes(1);
});

describe("a request", () => {
  it("without a whole response says that it was sent", async () => {
    const { ask } = await setUp((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}"));
    expect(await ask()).toBe("sent: other side closed");
  });

  it("whose response comes byte by byte is read whole", async () => {
    const body = "x".repeat(300_000);
    const { ask } = await setUp((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      for (let at = 0; at < 1000; at += 1) socket.write("1\r\nx\r\n");
      socket.write(`${(body.length - 1000).toString(16)}\r\n${body.slice(1000)}\r\n0\r\n\r\n`);
    });
    expect(await ask()).toBe(`200 ${body}`);
  });

  it("whose response is larger than any page is given up", async () => {
    const { ask } = await setUp((socket) => {
      const size = 17 * 1024 * 1024;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
      socket.write(Buffer.alloc(size, "x"));
    });
    expect(await ask()).toBe("sent: an answer larger than any page can be (more than 16 MB)");
  });

  it("answered with something else than HTTP is one without a response", async () => {
    const { ask } = await setUp((socket) => socket.write("hello\r\n\r\n"));
    expect(await ask()).toMatch(/^sent: .*HTTP/);
  });

  it("that nobody takes was not sent", async () => {
    const { server, ask } = await setUp(() => undefined);
    await server.close();
    expect(await ask()).toMatch(/^not sent: .*connect ECONNREFUSED/);
  });

  it("that is given up ends at once, and its response does not reach the next one", async () => {
    const late: Socket[] = [];
    const { server, ask } = await setUp((socket, before) => {
      if (before === 0) late.push(socket);
      else {
        late[0]?.write(OK.replace("{}", "[]"));
        socket.write(OK);
      }
    });
    const giveUp = new AbortController();
    const outcome = ask(giveUp.signal);
    while (server.requests.length === 0) await turn();
    giveUp.abort();
    expect(await outcome).toBe("sent: the request was given up");
    expect(await ask()).toBe("200 {}");
  });

  it("that is given up before the connection stands is never sent", async () => {
    const { server, http, ask } = await setUp((socket) => socket.write(OK));
    const giveUp = new AbortController();
    const first = outcomeOf(http.post("/first", "{}", giveUp.signal));
    giveUp.abort();
    expect(await first).toBe("not sent: the request was given up");
    expect(await ask()).toBe("200 {}");
    expect(server.requests.join()).not.toContain("/first");
  });
});
