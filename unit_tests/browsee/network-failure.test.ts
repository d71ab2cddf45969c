import { describe, expect, it } from "@jest/globals";
import { HttpError, ProxyError } from "../../src/browsee/http-error.ts";
import { networkFailure } from "../../src/browsee/network-failure.ts";
import { createRedact } from "../../src/redact.ts";

const ORIGIN = "https://api.example";
const redact = createRedact(["demo-api-key-0123456789"]);

function withCode(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

describe("a request without a whole response", () => {
  it("after the request was sent may leave the API at work on it", () => {
    const reset = new HttpError(withCode("ECONNRESET", "read ECONNRESET"), true);
    expect(networkFailure(reset, ORIGIN, redact)).toEqual({
      ok: false,
      kind: "cut",
      message: "the connection broke: read ECONNRESET",
    });
  });

  it("before that is told by its innermost reason, with its code", () => {
    const root = withCode("ETIMEDOUT", "no\n  answer from demo-api-key-0123456789");
    const wrapped = new HttpError(withCode("OUTER", "outer", new AggregateError([root], "")), false);
    expect(networkFailure(wrapped, ORIGIN, redact)).toEqual({
      ok: false,
      kind: "unreachable",
      message: `${ORIGIN} can't be reached: no answer from ****** (ETIMEDOUT)`,
    });
  });

  it("that is none of the known kinds is told as it is", () => {
    expect(networkFailure(new HttpError("odd", false), ORIGIN, redact)).toMatchObject({
      message: `${ORIGIN} can't be reached: odd`,
    });
    expect(
      networkFailure(new HttpError(new AggregateError([], "none"), false), ORIGIN, redact),
    ).toMatchObject({
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
  ])("%s is for a person to mend", (code) => {
    const thrown = new HttpError(new HttpError(withCode(code, "x"), false), false);
    expect(networkFailure(thrown, ORIGIN, redact)).toMatchObject({
      kind: "fatal",
      error: { code: "request_refused", failureType: "config_error", message: expect.stringContaining(code) },
    });
  });
});

describe("a proxy that makes no tunnel", () => {
  const proxy = { variable: "HTTPS_PROXY", origin: "http://one:1", authorization: undefined } as const;

  /** What it means that the proxy failed in this way. */
  function failureOf(failure: ConstructorParameters<typeof ProxyError>[1]) {
    return networkFailure(new HttpError(new ProxyError(proxy, failure), false), ORIGIN, redact);
  }

  it("is a config_error at once where it wants other credentials", () => {
    expect(failureOf({ status: 407 })).toMatchObject({
      kind: "fatal",
      error: {
        code: "config_invalid",
        failureType: "config_error",
        message: expect.stringContaining("HTTPS_PROXY"),
      },
    });
  });

  it.each([
    [{ status: 502 }, "the proxy that HTTPS_PROXY names answered with HTTP status 502"],
    [
      { cause: withCode("ECONNREFUSED", "connect ECONNREFUSED 10.0.0.1:3128") },
      "the proxy that HTTPS_PROXY names can't be reached: ECONNREFUSED",
    ],
    [{}, "the proxy that HTTPS_PROXY names can't be reached: it does not answer"],
  ])("is named by its variable: %j", (failure, message) => {
    expect(failureOf(failure)).toEqual({ ok: false, kind: "unreachable", message });
  });

  it("with a certificate that is not valid is named by its variable too", () => {
    expect(failureOf({ cause: withCode("CERT_HAS_EXPIRED", "x") })).toMatchObject({
      error: { message: expect.stringContaining("that the proxy that HTTPS_PROXY names showed") },
    });
  });
});
