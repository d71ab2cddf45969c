import { describe, expect, it } from "@jest/globals";
import { proxyFor } from "../../src/browsee/proxy.ts";
import { ConnectorError } from "../../src/errors.ts";

const API = "https://api.browsee.io";

describe("the proxy of an origin", () => {
  it.each([
    [API, {}, undefined],
    [API, { HTTPS_PROXY: "" }, undefined],
    [API, { HTTP_PROXY: "http://one:1" }, undefined],
    [API, { HTTPS_PROXY: "http://one:1" }, "http://one:1"],
    [API, { HTTPS_PROXY: "one:1" }, "http://one:1"],
    [API, { HTTPS_PROXY: "https://name:word@one:1" }, "https://one:1"],
    [API, { HTTPS_PROXY: "http://one:1", https_proxy: "http://two:2" }, "http://two:2"],
    [API, { HTTPS_PROXY: "http://one:1", https_proxy: "" }, undefined],
    ["http://127.0.0.1:8080", { HTTPS_PROXY: "http://localhost:1" }, undefined],
    ["http://127.0.0.1:8080", { HTTP_PROXY: "http://localhost:1" }, "http://localhost:1"],
    ["http://127.0.0.1:8080", { HTTP_PROXY: "http://[::1]:1" }, "http://[::1]:1"],
    ["http://localhost:8080", { http_proxy: "http://elsewhere.example:1" }, undefined],
  ])("%s with %j is %p", (origin, env, proxy) => {
    expect(proxyFor(origin, env)?.origin).toBe(proxy);
  });

  it("is given its user and password decoded, apart from its address", () => {
    const proxy = proxyFor(API, { HTTPS_PROXY: "http://user:p%40ss@one:1" });
    const authorization = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(proxy).toEqual({ variable: "HTTPS_PROXY", origin: "http://one:1", authorization });
  });

  it.each(["ftp://one:1", "socks5://one:1", "http://", "one:port", "http://one:99999", "http://%one:1"])(
    "%p is a config_error that does not repeat it",
    (address) => {
      const secret = address.replace("://", "://user:s3same@");
      const failure = thrownBy(() => proxyFor(API, { HTTPS_PROXY: secret }));
      expect(failure).toMatchObject({ code: "config_invalid", failureType: "config_error" });
      expect(failure.message).toContain("HTTPS_PROXY");
      expect(failure.message + failure.detail).not.toContain("s3same");
    },
  );

  it("whose password has a bare % is a config_error too", () => {
    const failure = thrownBy(() => proxyFor(API, { HTTPS_PROXY: "http://user:100%s3same@one:1" }));
    expect(failure).toMatchObject({ code: "config_invalid", failureType: "config_error" });
    expect(failure.message + failure.detail).not.toContain("s3same");
  });
});

function thrownBy(work: () => unknown): ConnectorError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
