import { describe, expect, it } from "@jest/globals";
import { HttpError } from "../../src/browsee/http.ts";
import { ProxyError } from "../../src/browsee/proxy.ts";
import { send } from "../../src/browsee/send.ts";
import { createRedact } from "../../src/redact.ts";

const ORIGIN = "https://api.example";
const redact = createRedact(["demo-api-key-0123456789"]);

function withCode(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

/** What a request ends with for which no whole response came. */
async function failureOf(cause: unknown, sent = false): Promise<unknown> {
  const post = () => Promise.reject(new HttpError(cause, sent));
  const parts = { http: { post, close: () => undefined }, origin: ORIGIN, redact };
  return send(parts, "/x", "{}", 1000, new AbortController().signal).catch((error: unknown) => error);
}

describe("a request without a whole response", () => {
  it("after the request was sent may leave the API at work on it", async () => {
    expect(await failureOf(withCode("ECONNRESET", "read ECONNRESET"), true)).toMatchObject({
      kind: "cut",
      message: "the connection broke: read ECONNRESET",
    });
  });

  it("before that is told by its innermost reason, with its code", async () => {
    const root = withCode("ETIMEDOUT", "no\n  answer from demo-api-key-0123456789");
    expect(await failureOf(withCode("OUTER", "outer", new AggregateError([root], "")))).toMatchObject({
      kind: "unreachable",
      message: `${ORIGIN} can't be reached: no answer from ****** (ETIMEDOUT)`,
    });
  });

  it("that is none of the known kinds is told as it is", async () => {
    expect(await failureOf("odd")).toMatchObject({ message: `${ORIGIN} can't be reached: odd` });
    expect(await failureOf(new AggregateError([], "none"))).toMatchObject({
      message: `${ORIGIN} can't be reached: none`,
    });
  });

  it.each([
    "CERT_HAS_EXPIRED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "HOSTNAME_MISMATCH",
  ])("%s is for a person to mend", async (code) => {
    expect(await failureOf(new Error("outer", { cause: withCode(code, "x") }))).toMatchObject({
      code: "request_refused",
      failureType: "config_error",
      message: expect.stringContaining(code),
    });
  });
});

describe("a proxy that makes no tunnel", () => {
  const proxy = { variable: "HTTPS_PROXY", origin: "http://one:1", authorization: undefined } as const;

  it("is a config_error at once where it wants other credentials", async () => {
    expect(await failureOf(new ProxyError(proxy, { status: 407 }))).toMatchObject({
      code: "config_invalid",
      failureType: "config_error",
      message: expect.stringContaining("HTTPS_PROXY"),
    });
  });

  it.each([
    [{ status: 502 }, "the proxy that HTTPS_PROXY names answered with HTTP status 502"],
    [
      { cause: withCode("ECONNREFUSED", "connect ECONNREFUSED 10.0.0.1:3128") },
      "the proxy that HTTPS_PROXY names can't be reached: ECONNREFUSED",
    ],
    [{}, "the proxy that HTTPS_PROXY names can't be reached: it does not answer"],
  ])("is named by its variable: %j", async (failure, message) => {
    expect(await failureOf(new ProxyError(proxy, failure))).toMatchObject({ kind: "unreachable", message });
  });

  it("with a certificate that is not valid is named by its variable too", async () => {
    const cause = withCode("CERT_HAS_EXPIRED", "x");
    expect(await failureOf(new ProxyError(proxy, { cause }))).toMatchObject({
      message: expect.stringContaining("that the proxy that HTTPS_PROXY names showed"),
    });
  });
});
