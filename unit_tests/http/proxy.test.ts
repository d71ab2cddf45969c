import { describe, expect, it } from "@jest/globals";
import { ConnectorError } from "../../src/errors.ts";
import { proxyFor } from "../../src/http/proxy.ts";

const API = "https://api.browsee.io";

describe("the proxy of an origin", () => {
  it.each([
    [API, {}, undefined],
    [API, { HTTPS_PROXY: "" }, undefined],
    [API, { HTTP_PROXY: "http://one:1" }, undefined],
    [API, { HTTPS_PROXY: "http://one:1" }, "http://one:1/"],
    [API, { HTTPS_PROXY: "one:1" }, "http://one:1/"],
    [API, { HTTPS_PROXY: "https://name:word@one:1" }, "https://name:word@one:1/"],
    [API, { HTTPS_PROXY: "http://one:1", https_proxy: "http://two:2" }, "http://two:2/"],
    [API, { HTTPS_PROXY: "http://one:1", https_proxy: "" }, undefined],
    ["http://127.0.0.1:8080", { HTTPS_PROXY: "http://localhost:1" }, undefined],
    ["http://127.0.0.1:8080", { HTTP_PROXY: "http://localhost:1" }, "http://localhost:1/"],
    ["http://127.0.0.1:8080", { HTTP_PROXY: "http://[::1]:1" }, "http://[::1]:1/"],
    ["http://localhost:8080", { http_proxy: "http://elsewhere.example:1" }, undefined],
  ])("%s with %j is %p", (origin, env, proxy) => {
    expect(proxyFor(origin, env)?.href).toBe(proxy);
  });

  it.each([
    [API, "*"],
    [API, "api.browsee.io"],
    [API, "API.Browsee.io"],
    [API, "browsee.io"],
    [API, ".browsee.io"],
    [API, "*.browsee.io"],
    [API, "other.example, browsee.io:443"],
    [API, "other.example browsee.io"],
    ["https://[::1]:8443", "::1"],
    ["https://[::1]:8443", "[::1]"],
    ["https://[::1]:8443", "[::1]:8443"],
    ["https://127.0.0.1:8443", "127.0.0.1"],
    ["https://localhost:8443", "localhost:8443"],
  ])("%s is exempt by NO_PROXY %p", (origin, list) => {
    expect(proxyFor(origin, { HTTPS_PROXY: "http://one:1", NO_PROXY: list })).toBeUndefined();
    expect(proxyFor(origin, { HTTPS_PROXY: "http://one:1", no_proxy: list, NO_PROXY: "x" })).toBeUndefined();
  });

  it.each([
    [API, ""],
    [API, "see.io"],
    [API, "browsee.io.example"],
    [API, "browsee.io:80"],
    [API, "www.browsee.io"],
    ["https://[::1]:8443", "[::1]:1"],
    ["https://localhost:8443", "localhost:443"],
  ])("%s is not exempt by NO_PROXY %p", (origin, list) => {
    expect(proxyFor(origin, { HTTPS_PROXY: "http://one:1", NO_PROXY: list })?.href).toBe("http://one:1/");
  });

  it.each(["ftp://one:1", "socks5://one:1", "http://", "one:port", "http://one:99999"])(
    "%p is a config_error that does not repeat it",
    (address) => {
      const secret = address.replace("://", "://user:password@");
      const failure = thrownBy(() => proxyFor(API, { HTTPS_PROXY: secret }));
      expect(failure).toMatchObject({ code: "config_invalid", failureType: "config_error" });
      expect(failure.message).toContain("HTTPS_PROXY");
      expect(failure.message + failure.detail).not.toContain("password");
    },
  );
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
