import { describe, expect, it } from "@jest/globals";
import { networkFailure } from "../../src/browsee/network-error.ts";
import { TransportError } from "../../src/http/transport-error.ts";
import { createRedact } from "../../src/redact.ts";

const ORIGIN = "https://api.example";
const redact = createRedact(["demo-api-key-0123456789"]);

function withCode(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

describe("an exception of the transport", () => {
  it("after the request was sent may leave the API at work on it", () => {
    const reset = new TransportError(withCode("ECONNRESET", "read ECONNRESET"), true);
    expect(networkFailure(reset, ORIGIN, redact)).toEqual({
      ok: false,
      kind: "cut",
      words: "the connection broke: read ECONNRESET",
    });
  });

  it("before that is told by its innermost reason, with its code", () => {
    const root = withCode("ETIMEDOUT", "no\n  answer from demo-api-key-0123456789");
    const wrapped = new TransportError(withCode("OUTER", "outer", new AggregateError([root], "")), false);
    expect(networkFailure(wrapped, ORIGIN, redact)).toEqual({
      ok: false,
      kind: "unreachable",
      words: `${ORIGIN} can't be reached: no answer from ****** (ETIMEDOUT)`,
    });
  });

  it("that is none of the known kinds is told as it is", () => {
    expect(networkFailure("odd", ORIGIN, redact)).toMatchObject({ words: `${ORIGIN} can't be reached: odd` });
    expect(networkFailure(new AggregateError([], "none"), ORIGIN, redact)).toMatchObject({
      words: `${ORIGIN} can't be reached: none`,
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
    const thrown = new TransportError(new TransportError(withCode(code, "x"), false), false);
    expect(networkFailure(thrown, ORIGIN, redact)).toMatchObject({
      kind: "refused",
      error: { code: "request_refused", failureType: "config_error", message: expect.stringContaining(code) },
    });
  });
});
