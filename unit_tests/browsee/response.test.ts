import { gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { failure, KEY, kindOf, messageOf, pageOf, read } from "./read-response.ts";

describe("a page", () => {
  const rows = [{ userId: "a" }, {}];

  it.each([
    ["as documented", { status: "success", exports: { total: 2, to: 2, data: rows } }],
    ["without a status", { exports: { total: 2, data: rows } }],
    ["with a status of another type", { status: 1, exports: { total: 2, data: rows } }],
    [
      "with more fields than documented",
      { status: "Success", more: 1, exports: { total: 2, data: rows, x: {} } },
    ],
    ["behind a byte order mark", `\uFEFF${JSON.stringify({ exports: { total: 2, data: rows } })}`],
  ])("%s", (_form, body) => {
    expect(pageOf(read(200, body))).toEqual({ rows, total: 2 });
  });

  it.each([undefined, null, "2", -1, 1.5, 2 ** 53, [2], {}])("whose total is %p has none", (total) => {
    expect(pageOf(read(200, { exports: { total, data: [] } }))).toEqual({ rows: [], total: undefined });
  });

  it("that was packed", () => {
    const body = gzipSync(JSON.stringify({ exports: { total: 2, data: rows } }));
    for (const encoding of ["gzip", "x-gzip", "GZIP"]) {
      expect(pageOf(read(200, body, { "content-encoding": encoding }))).toEqual({ rows, total: 2 });
    }
  });

  it("with integers beyond 2^53 has them as digits", () => {
    const body = '{"exports": {"total": 1, "data": [{"userId": 9007199254740993}]}}';
    expect(pageOf(read(200, body)).rows).toEqual([{ userId: "9007199254740993" }]);
  });

  it("that echoes a key has it masked", () => {
    const answer = read(200, {
      exports: { total: 1, data: [{ landingPage: `https://x.example/?k=${KEY}` }] },
    });
    expect(pageOf(answer).rows).toEqual([{ landingPage: "https://x.example/?k=******" }]);
  });
});

describe("an answer that breaks the contract names the field", () => {
  it.each([
    [{ status: "success" }, "exports"],
    [{ exports: null }, "exports"],
    [{ exports: {} }, "exports.data"],
    [{ exports: { data: {} } }, "exports.data"],
    [{ exports: { data: [{}, null] } }, "exports.data.1"],
    [{ exports: { data: [[]] } }, "exports.data.0"],
    [[], "the answer"],
    ["null", "the answer"],
    ["3", "the answer"],
  ])("%j: %s", (body, field) => {
    const answer = read(200, body);
    expect(kindOf(answer)).toBe("contract");
    expect(messageOf(answer)).toBe(`${field} is missing or not what the API's documentation promises`);
  });
});

it("an answer that nests without end is not parsed", () => {
  const depth = 2_000_000;
  const body = `{"exports":{"total":1,"data":[{"x":${"[".repeat(depth)}${"]".repeat(depth)}}]}}`;
  expect(kindOf(read(200, body))).toBe("contract");
  expect(messageOf(read(200, body))).toContain("deeper than 100000 levels");
  expect(kindOf(read(503, body))).toBe("server");
});

describe("a failure that may pass", () => {
  it.each([
    [500, "server"],
    [502, "server"],
    [503, "server"],
    [599, "server"],
    [408, "server"],
    [425, "server"],
    [504, "cut"],
    [524, "cut"],
    [429, "busy"],
    [409, "busy"],
    [423, "busy"],
    [404, "contract"],
    [405, "contract"],
    [204, "contract"],
    [206, "contract"],
    [302, "contract"],
  ])("status %d is of the kind %s", (status, kind) => {
    expect(kindOf(read(status, ""))).toBe(kind);
    expect(messageOf(read(status, "<html><title>A\n title</title><p>x"))).toContain(
      `HTTP status ${status}: "A title"`,
    );
    expect(messageOf(read(status, failure("Its words.")))).toContain(`HTTP status ${status}: "Its words."`);
  });

  it.each([
    "Another request is already open.",
    "Only one open request is allowed.",
    "Please wait for the previous export to finish.",
    "There is a request already running for this key",
    "Concurrent requests are not supported",
    "An export is already in progress",
    "Rate limit exceeded",
    "Too many requests",
    "Its rate limited to one open request.",
    "Request throttled",
  ])("400, 403 and 200 with words of another open request: %s", (words) => {
    expect([400, 403, 409, 200].map((status) => kindOf(read(status, failure(words))))).toEqual(
      Array(4).fill("busy"),
    );
  });

  it("carries what Retry-After asks for", () => {
    const date = "Mon, 23 Nov 2026 10:00:09 GMT";
    expect(read(503, "", { "retry-after": "7" })).toMatchObject({ retryAfterMs: 7000 });
    expect(read(429, "", { "retry-after": date })).toMatchObject({ retryAfterMs: 9000 });
    expect(read(429, "", { "retry-after": date, date: "Mon, 23 Nov 2026 10:00:04 GMT" })).toMatchObject({
      retryAfterMs: 5000,
    });
    expect(Object(read(503, "")).retryAfterMs).toBeUndefined();
  });
});

describe("answers that can't be read", () => {
  it.each([
    ["no JSON", "<html><body><script>x</script><h1>Down for\nmaintenance"],
    ["JSON that was cut off", '{"status": "success", "exports": {"total": 1, "data": [{"a": '],
    ["nothing", ""],
    ["a failure without a word about the configuration", failure("Something went wrong.")],
  ])("status 200 with %s", (_what, body) => {
    expect(kindOf(read(200, body))).toBe("server");
  });

  it.each([
    ["broken", "gzip", Buffer.from("\u001f\u008bnonsense", "latin1")],
    ["cut off", "gzip", gzipSync("x".repeat(5000)).subarray(0, 20)],
    ["larger than memory", "gzip", gzipSync(Buffer.alloc(65 * 1024 * 1024))],
    ["in another way", "br", Buffer.from("x")],
  ])("a body whose packing is %s", (_how, encoding, body) => {
    expect(kindOf(read(200, body, { "content-encoding": encoding }))).toBe("server");
    expect(messageOf(read(200, body, { "content-encoding": encoding }))).toContain("can't be unpacked");
  });

  it("a redirect is told by where it leads, without its path", () => {
    const words = messageOf(read(307, "", { location: `https://other.example/steal?key=${KEY}` }));
    expect(words).toContain("https://other.example (not followed");
    expect(words).not.toContain("steal");
  });
});
