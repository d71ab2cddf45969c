import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { failure, KEY, kindOf, messageOf, read } from "./read-response.ts";

describe("messages of requests that are refused", () => {
  it.each([
    [401, failure("Secret Key invalid.", "unauthorized"), "config_error"],
    [403, failure("No access."), "config_error"],
    [401, { message: { error: "Secret Key invalid." } }, "config_error"],
    [401, { status: "Unauthorized" }, "config_error"],
    [200, failure("Secret Key invalid.", "unauthorized"), "config_error"],
    [200, failure("Segment not found."), "config_error"],
    [400, failure("API Key missing."), "config_error"],
    [400, failure("Segment not found."), "config_error"],
    [400, failure("At least one of the request parameters is invalid"), "config_error"],
    [400, failure("Request from this address was denied at the end"), "config_error"],
    [400, failure("start is not a non-negative integer."), "system_error"],
    [400, failure("Invalid value for parameter 'end'"), "system_error"],
    [400, failure("`from` must be less than 10000"), "system_error"],
    [
      400,
      failure("Result window is too large, from + size must be less than or equal to: [10000]"),
      "system_error",
    ],
    [400, failure("limit is greater than 100."), "system_error"],
    [400, failure("options.select is not a list of strings."), "system_error"],
    [400, failure("Body is not a JSON object."), "system_error"],
    [400, failure("Unexpected token in JSON at position 0"), "system_error"],
  ])("%d %j: %s", (status, body, type) => {
    const answer = read(status, body);
    expect(kindOf(answer)).toBe(type);
  });

  it.each([
    "",
    "Forbidden",
    "<html><title>Just a moment...</title></html>",
    { message: "Forbidden" },
    { status: 403, error: "Forbidden" },
    { status: "error", message: "Forbidden" },
    ["Forbidden"],
    '"Forbidden"',
    "null",
  ])("are the API's own alone: %j says nothing of the keys", (body) => {
    for (const status of [400, 401, 403]) {
      expect(kindOf(read(status, body))).toBe("server");
      expect(messageOf(read(status, body))).toMatch(/^HTTP status 40\d.*not from the API itself$/);
    }
  });

  it("say it in the API's own words, and what to do", () => {
    expect(messageOf(read(401, failure("Secret Key invalid.", "unauthorized")))).toBe(
      'Browsee refused the keys (HTTP status 401: "Secret Key invalid."). Check api_key and secret_key: the secret key is generated in Browsee\'s settings.',
    );
    expect(messageOf(read(400, failure("Segment not found.")))).toBe(
      'Browsee refused the request (HTTP status 400: "Segment not found."). Check api_key, secret_key and segment_ids.',
    );
  });
});

describe("the message of a response", () => {
  it.each([
    [{ message: { error: "deep" } }, "deep"],
    [{ message: "flat" }, "flat"],
    [{ error: "short" }, "short"],
    [{ message: { message: "odd" } }, "odd"],
    ['"bare"', "bare"],
    ["plain text", "plain text"],
    ["<p>some <b>HTML</b><style>p {}</style>", "some HTML"],
  ])("of %j are %s", (body, words) => {
    expect(messageOf(read(500, body))).toBe(`HTTP status 500: "${words}"`);
  });

  it("are one line, without anything that moves a cursor or turns text around", () => {
    expect(messageOf(read(500, failure("a\r\n\u001b[2Jb\u202Ec\u0000")))).toBe('HTTP status 500: "a [2Jb c"');
  });

  it("are bounded", () => {
    expect(messageOf(read(500, failure("x".repeat(1_000_000)))).length).toBeLessThan(600);
    expect(messageOf(read(500, "y".repeat(1_000_000))).length).toBeLessThan(600);
  });

  it("never hold a key, wherever it is cut", () => {
    fc.assert(
      fc.property(
        fc.nat(4100),
        fc.constantFrom(200, 400, 401, 404, 500),
        fc.boolean(),
        (before, status, json) => {
          const text = `${"x".repeat(before)}${KEY}`;
          const words = messageOf(read(status, json ? failure(text) : text));
          for (let at = 0; at + 6 <= KEY.length; at += 1) expect(words).not.toContain(KEY.slice(at, at + 6));
        },
      ),
    );
  });
});

describe("whatever the API answers", () => {
  it("is understood without an exception", () => {
    const bodies = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
    );
    const headers = fc.dictionary(
      fc.constantFrom("content-encoding", "retry-after", "location", "date"),
      fc.oneof(fc.string(), fc.constantFrom("gzip", "identity", "Mon, 23 Nov 2026 10:00:00 GMT")),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), bodies, headers, (status, body, given) => {
        expect(["page", "busy", "server", "cut", "contract", "config_error", "system_error"]).toContain(
          kindOf(read(status, body, given)),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
