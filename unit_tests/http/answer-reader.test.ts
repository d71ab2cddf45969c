import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { AnswerError } from "../../src/http/answer-error.ts";
import { createAnswerReader, type Received } from "../../src/http/answer-reader.ts";

/** An answer as it goes over the wire, and what should be read out of it. */
interface Sample {
  readonly bytes: Buffer;
  readonly status: number;
  readonly body: Buffer;
  /** Whether its end is the connection's. */
  readonly closes: boolean;
}

const bodies = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const cuts = fc.array(fc.nat({ max: 600 }), { maxLength: 12 });
const interim = fc.constantFrom("", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 \r\nlink: </x>\r\n\r\n");

function chunked(body: Buffer, sizes: readonly number[]): Buffer {
  const ends = [...new Set([...sizes.map((size) => size % (body.length + 1)), body.length])].sort(
    (a, b) => a - b,
  );
  const chunks = ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end));
  const parts = chunks
    .filter(({ length }) => length > 0)
    .flatMap((chunk) => [`${chunk.length.toString(16)};name="x"\r\n`, chunk, "\r\n"]);
  return Buffer.concat([...parts, "0\r\nexpires: never\r\n\r\n"].map((part) => Buffer.from(part)));
}

const samples: fc.Arbitrary<Sample> = fc
  .record({ status: fc.constantFrom(200, 201, 404, 503), body: bodies, before: interim, sizes: cuts })
  .chain(({ status, body, before, sizes }) => {
    const head = `${before}HTTP/1.1 ${status} Any words\r\nServer: x\r\nX-Empty:\r\n`;
    const sample = (fields: string, sent: Buffer, closes: boolean): Sample => ({
      bytes: Buffer.concat([Buffer.from(`${head}${fields}\r\n`), sent]),
      status,
      body,
      closes,
    });
    return fc.constantFrom(
      sample(`Content-Length: \t${body.length} \r\n`, body, false),
      sample("Transfer-Encoding: Chunked\r\n", chunked(body, sizes), false),
      sample("", body, true),
    );
  });

/** The bytes in pieces, each in memory that is used again for the next one. */
function* pieces(bytes: Buffer, at: readonly number[]): Generator<Buffer> {
  const places = [0, ...at.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
  const memory = Buffer.alloc(bytes.length);
  for (const [index, place] of places.entries()) {
    const length = bytes.copy(memory, 0, place, places[index + 1] ?? place);
    if (length > 0) yield memory.subarray(0, length);
    memory.fill(0x7f);
  }
}

function readAll(bytes: Buffer, at: readonly number[] = []): Received | undefined {
  const reader = createAnswerReader();
  let received: Received | undefined;
  for (const piece of pieces(bytes, at)) received ??= reader.take(piece);
  return received;
}

function flawOf(bytes: Buffer | string): string {
  const reader = createAnswerReader();
  try {
    const early = reader.take(Buffer.from(bytes));
    if (early === undefined) reader.end();
    return "none";
  } catch (error) {
    return error instanceof AnswerError ? error.code : String(error);
  }
}

describe("an answer", () => {
  it("is the same in whatever pieces it comes", () => {
    fc.assert(
      fc.property(samples, cuts, ({ bytes, status, body, closes }, at) => {
        const reader = createAnswerReader();
        let received: Received | undefined;
        for (const piece of pieces(bytes, at)) {
          expect(received).toBeUndefined();
          received = reader.take(piece);
        }
        received ??= closes ? reader.end() : undefined;
        expect(received?.answer.status).toBe(status);
        expect(received?.answer.body).toEqual(body);
        expect(received?.answer.headers.get("server")).toBe("x");
        expect(received?.answer.headers.get("x-empty")).toBe("");
        expect(received?.idleMs).toBe(closes ? 0 : 60_000);
      }),
    );
  });

  it("that is cut off anywhere is none, unless its end is the connection's", () => {
    fc.assert(
      fc.property(samples, fc.nat(), ({ bytes, body, closes }, place) => {
        const cut = bytes.subarray(0, place % bytes.length);
        const headLength = bytes.length - body.length;
        expect(flawOf(cut)).toBe(closes && cut.length >= headLength ? "none" : "ANSWER_CUT");
      }),
    );
  });

  it.each([204, 304])("%d has no body, whatever its headers say", (status) => {
    const received = readAll(Buffer.from(`HTTP/1.1 ${status} None\r\ncontent-length: 5\r\n\r\n`));
    expect(received?.answer.body).toHaveLength(0);
  });

  it("has the first value of a header that is there twice", () => {
    const received = readAll(
      Buffer.from("HTTP/1.1 503 X\r\nretry-after: 8\r\nRetry-After: 9\r\ncontent-length: 0\r\n\r\n"),
    );
    expect(received?.answer.headers.get("retry-after")).toBe("8");
  });
});

describe("the connection after an answer", () => {
  it.each([
    ["HTTP/1.1 200 OK", "", 60_000],
    ["HTTP/1.1 200 OK", "connection: close\r\n", 0],
    ["HTTP/1.1 200 OK", "connection: Foo , Close\r\n", 0],
    ["HTTP/1.1 200 OK", "keep-alive: timeout=5\r\n", 4000],
    ["HTTP/1.1 200 OK", "keep-alive: max=3, Timeout=5\r\n", 4000],
    ["HTTP/1.1 200 OK", "keep-alive: timeout=1\r\n", 0],
    ["HTTP/1.1 200 OK", "keep-alive: timeout=1000\r\n", 60_000],
    ["HTTP/1.0 200 OK", "", 0],
    ["HTTP/1.0 200 OK", "connection: keep-alive\r\n", 60_000],
  ])("%s with %j may be idle for %d ms", (first, fields, ms) => {
    expect(readAll(Buffer.from(`${first}\r\n${fields}content-length: 1\r\n\r\nx`))?.idleMs).toBe(ms);
  });

  it("is of no use where more follows than was asked for", () => {
    expect(readAll(Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxHTTP"))?.idleMs).toBe(0);
  });
});

describe("what is no answer is refused, never guessed at:", () => {
  const ok = "HTTP/1.1 200 OK\r\n";
  it.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.6\r\n\r\n"],
    ["another version", "HTTP/2 200\r\n\r\n"],
    ["a status that is none", "HTTP/1.1 20 OK\r\n\r\n"],
    ["another protocol from here on", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n"],
    ["lines without CR", "HTTP/1.1 200 OK\ncontent-length: 0\n\r\n\r\n"],
    ["a header without a colon", `${ok}words\r\n\r\n`],
    ["a space before the colon", `${ok}content-length : 5\r\n\r\n`],
    ["a line that continues another", `${ok}a: b\r\n c\r\n\r\n`],
    ["a control character", `${ok}a: \u0000\r\n\r\n`],
    ["a length that is no number", `${ok}content-length: 5x\r\n\r\n`],
    ["a negative length", `${ok}content-length: -5\r\n\r\n`],
    ["two lengths in one", `${ok}content-length: 5, 5\r\n\r\n`],
    ["two lengths", `${ok}content-length: 5\r\ncontent-length: 6\r\n\r\n`],
    ["a length and chunks", `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`],
    ["packed chunks", `${ok}transfer-encoding: gzip, chunked\r\n\r\n`],
    ["a chunk without a size", `${ok}transfer-encoding: chunked\r\n\r\n\r\n`],
    ["a chunk with half a size", `${ok}transfer-encoding: chunked\r\n\r\n5x\r\nabcde\r\n0\r\n\r\n`],
    ["a chunk beyond its size", `${ok}transfer-encoding: chunked\r\n\r\n5\r\nabcdef\r\n0\r\n\r\n`],
    ["a chunk whose size has no CR", `${ok}transfer-encoding: chunked\r\n\r\n5\nabcde\r\n0\r\n\r\n`],
    ["chunk sizes without end", `${ok}transfer-encoding: chunked\r\n\r\n5;${"x".repeat(17_000)}`],
    ["trailers without end", `${ok}transfer-encoding: chunked\r\n\r\n0\r\n${"a: b\r\n".repeat(3000)}`],
  ])("%s", (_what, text) => {
    expect(flawOf(text)).toBe("ANSWER_MALFORMED");
  });

  it.each([
    ["headers without end", `${ok}a: ${"x".repeat(17_000)}`],
    ["headers too large", `${ok}a: ${"x".repeat(17_000)}\r\ncontent-length: 0\r\n\r\n`],
    ["a length of 64 MiB and a byte", `${ok}content-length: ${64 * 1024 * 1024 + 1}\r\n\r\n`],
  ])("%s", (_what, text) => {
    expect(flawOf(text)).toBe("ANSWER_TOO_LARGE");
  });

  it.each([
    ["chunks", `${ok}transfer-encoding: chunked\r\n\r\nfffffff\r\n`],
    ["a body until the end", `${ok}\r\n`],
  ])("%s beyond 64 MiB", (_what, head) => {
    const reader = createAnswerReader();
    reader.take(Buffer.from(head));
    const megabyte = Buffer.alloc(1024 * 1024);
    for (let count = 0; count < 64; count += 1) reader.take(megabyte);
    expect(() => reader.take(megabyte)).toThrow(AnswerError);
  });
});
