/** Proxies that the environment names. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectorRun, catalogOf, configFor, readFrom } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { runProgram } from "../program.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { expectWhole, HASTY } from "./fault-run.ts";
import { expectNoSecret } from "./secrets.ts";
import { type Listening, silentServer, startProxy, type TunnelProxy, tlsFront } from "./servers.ts";

let folder: string;
let certificate: Certificate;
let api: FakeApi;
let front: Listening;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "source-browsee-proxy-"));
  certificate = await makeCertificate(folder, "DNS:localhost");
  api = await startFakeApi({ generated: { count: 250 } });
  front = await tlsFront(certificate, api.port);
});

afterAll(async () => {
  await front.close();
  await api.close();
  await rm(folder, { recursive: true });
});

/** Reads through whatever proxy the environment names. */
async function read(url: string, env: Readonly<Record<string, string>>): Promise<ConnectorRun> {
  const all = { NODE_EXTRA_CA_CERTS: certificate.path, ...env };
  const config = { ...HASTY, retry_deadline_seconds: 1 };
  const run = await readFrom({ url }, { config, options: { env: all } });
  expectNoSecret(run);
  return run;
}

async function withProxy(
  reply: string | undefined,
  work: (proxy: TunnelProxy, address: string) => Promise<void>,
) {
  const proxy = await startProxy(reply);
  try {
    await work(proxy, `http://127.0.0.1:${proxy.port}`);
  } finally {
    await proxy.close();
  }
}

describe("a proxy", () => {
  it("of HTTPS_PROXY carries https, by one tunnel that it cannot look into", async () => {
    await withProxy(undefined, async (proxy, address) => {
      const run = await read(`https://localhost:${front.port}`, { HTTPS_PROXY: address });
      expect(run.code).toBe(0);
      expectWhole(api, run.records);
      expect(proxy).toMatchObject({ asked: [{ target: `localhost:${front.port}` }], others: [] });
      expect(api.stats).toMatchObject({ maxOpen: 1, refused: 0 });
    });
  });

  it("that speaks https itself carries https too", async () => {
    await withProxy(undefined, async (proxy) => {
      const secure = await tlsFront(certificate, proxy.port);
      const address = `https://localhost:${secure.port}`;
      const run = await read(`https://localhost:${front.port}`, { HTTPS_PROXY: address });
      expect(run.code).toBe(0);
      expectWhole(api, run.records);
      expect(proxy.asked).toMatchObject([{ target: `localhost:${front.port}` }]);
      await secure.close();
    });
  });

  it("of HTTP_PROXY carries http, if it is on this machine too", async () => {
    await withProxy(undefined, async (proxy, address) => {
      const run = await read(api.url, { http_proxy: address });
      expect(run.code).toBe(0);
      expectWhole(api, run.records);
      expect(proxy.asked).toMatchObject([{ target: `127.0.0.1:${api.port}` }]);
    });
  });

  it("is given its user and password, and they appear nowhere", async () => {
    await withProxy(undefined, async (proxy, address) => {
      const url = `https://localhost:${front.port}`;
      const run = await read(url, { HTTPS_PROXY: address.replace("//", "//user:p%40ss-word@") });
      expect(run.code).toBe(0);
      const authorization = `Basic ${Buffer.from("user:p@ss-word").toString("base64")}`;
      expect(proxy.asked).toMatchObject([{ authorization }]);
      expect(run.lines.join()).not.toContain("ss-word");
    });
  });

  it("is passed by for a host in NO_PROXY", async () => {
    await withProxy(undefined, async (proxy, address) => {
      const env = { HTTPS_PROXY: address, HTTP_PROXY: address, NO_PROXY: "localhost,127.0.0.1" };
      expect((await read(`https://localhost:${front.port}`, env)).code).toBe(0);
      expect((await read(api.url, env)).code).toBe(0);
      expect(proxy.connections()).toBe(0);
    });
  });

  it.each([
    ["502 Bad Gateway", /the proxy that HTTPS_PROXY names answered with HTTP status 502/],
    ["close", /the proxy that HTTPS_PROXY names can't be reached: UND_ERR_SOCKET/],
  ])(
    "that answers %s is asked again as patiently as an API, and then it is a transient_error",
    async (reply, message) => {
      await withProxy(reply, async (proxy, address) => {
        const run = await read(`https://localhost:${front.port}`, { HTTPS_PROXY: address });
        expect(run.code).toBe(1);
        expect(run.errors).toMatchObject([
          { failure_type: "transient_error", message: expect.stringMatching(message) },
        ]);
        expect(proxy.asked.length).toBeGreaterThan(0);
        expect(proxy.asked.length).toBeLessThanOrEqual(4);
      });
    },
  );

  it("that wants other credentials is a config_error at once", async () => {
    await withProxy("407 Proxy Authentication Required", async (proxy, address) => {
      const run = await read(`https://localhost:${front.port}`, { https_proxy: address });
      expect(run.code).toBe(1);
      expect(run.errors).toMatchObject([
        { failure_type: "config_error", message: expect.stringContaining("HTTPS_PROXY") },
      ]);
      expect(proxy.asked).toHaveLength(1);
    });
  });

  it("that nobody answers at is named by its variable, not by its address", async () => {
    const silent = await silentServer();
    const gone = await silentServer();
    await gone.close();
    for (const [port, why] of [
      [gone.port, "can't be reached: ECONNREFUSED"],
      [silent.port, "within 1 s"],
    ] as const) {
      const run = await read(`https://localhost:${front.port}`, { HTTPS_PROXY: `http://127.0.0.1:${port}` });
      expect(run.code).toBe(1);
      expect(run.errors).toMatchObject([{ failure_type: "transient_error" }]);
      expect(run.errors[0]?.message).toContain(`the proxy that HTTPS_PROXY names ${why}`);
      expect(run.lines.join()).not.toContain(`127.0.0.1:${port}`);
    }
    await silent.close();
  });

  it.each([
    "http://user:100%s3same@127.0.0.1:1",
    "https://s3same:%@127.0.0.1:1",
    "user:s3same@127.0.0.1:port",
    "socks5://user:s3same@127.0.0.1:1",
    "http://user:s3same@",
  ])("whose address can't be read (%s) is a config_error at once, without its password", async (address) => {
    const files = { config: configFor({ url: `https://localhost:${front.port}` }), catalog: catalogOf() };
    for (const command of ["check", "read"] as const) {
      const run = await inFolder(async (folder) => {
        const inputs = await writeInputFiles(folder, command === "read" ? files : { config: files.config });
        return runProgram([command, ...inputs], { env: { HTTPS_PROXY: address } });
      });
      expect(run.code).toBe(command === "read" ? 1 : 0);
      expect(run.lines.join()).toMatch(/The environment variable HTTPS_PROXY is not the address of a proxy/);
      expect(run.lines.join() + run.rest + run.stderr).not.toContain("s3same");
      if (command === "read") expect(run.lines.join()).toContain('"failure_type":"config_error"');
    }
  });
});
