/** What a connection promises, in each way in which one is made. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectorRun, readFrom } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { expectWhole, HASTY } from "./fault-run.ts";
import { expectNoSecret } from "./secrets.ts";
import { bodyServer, type Listening, startProxy, type TunnelProxy, tlsFront } from "./servers.ts";

/** Larger than a response may be. */
const TOO_LARGE = Buffer.alloc(17 * 1024 * 1024, " ");

let folder: string;
/** Of an authority that the program is told to trust, and of none. */
let trusted: Certificate;
let stranger: Certificate;
let api: FakeApi;
let proxy: TunnelProxy;
let secureProxy: Listening;

async function certificateIn(name: string): Promise<Certificate> {
  await mkdir(join(folder, name));
  return makeCertificate(join(folder, name), "DNS:localhost");
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "source-browsee-safe-"));
  trusted = await certificateIn("trusted");
  stranger = await certificateIn("stranger");
  api = await startFakeApi({ generated: { count: 250 } });
  proxy = await startProxy();
  secureProxy = await tlsFront(trusted, proxy.port);
});

afterAll(async () => {
  await Promise.all([secureProxy.close(), proxy.close(), api.close()]);
  await rm(folder, { recursive: true });
});

/** How a connection is made: directly, through a proxy, through a proxy that speaks https. */
const WAYS: readonly (readonly [string, () => Readonly<Record<string, string>>])[] = [
  ["directly", () => ({})],
  ["through a proxy", () => ({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` })],
  ["through an https proxy", () => ({ HTTPS_PROXY: `https://localhost:${secureProxy.port}` })],
];

/** Reads from an https server of this machine. */
async function read(port: number, env: Readonly<Record<string, string>>): Promise<ConnectorRun> {
  // Node.js warns of NODE_TLS_REJECT_UNAUTHORIZED by itself.
  const all = { NODE_EXTRA_CA_CERTS: trusted.path, ...env };
  const config = { ...HASTY, request_timeout_seconds: 20, retry_deadline_seconds: 1 };
  const run = await readFrom(
    { url: `https://localhost:${port}` },
    { config, options: { env: all, nodeArgs: ["--no-warnings"] } },
  );
  expectNoSecret(run);
  return run;
}

describe.each(WAYS)("%s", (_way, env) => {
  it("a server whose certificate nobody has signed gets no byte, whatever the environment says", async () => {
    const front = await tlsFront(stranger, api.port);
    const before = api.stats.requests;
    const run = await read(front.port, { ...env(), NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    expect(run.errors).toMatchObject([
      { failure_type: "config_error", message: expect.stringContaining("DEPTH_ZERO_SELF_SIGNED_CERT") },
    ]);
    expect(front.connections()).toBe(1);
    expect(front.received()).toBe(0);
    expect(api.stats.requests).toBe(before);
    await front.close();
  });

  it("a redirect carries nothing anywhere", async () => {
    const other = await tlsFront(trusted, api.port);
    const what = { kind: "redirect", origin: `https://localhost:${other.port}`, status: 307 } as const;
    const redirecting = await startFakeApi({ faults: [{ when: { every: 1 }, what }] });
    const front = await tlsFront(trusted, redirecting.port);
    const run = await read(front.port, env());
    expect(run.code).toBe(1);
    expect(run.errors[0]?.message).toContain("not followed");
    expect(other.connections()).toBe(0);
    await Promise.all([front.close(), redirecting.close(), other.close()]);
  });

  it.each([
    ["as it is", {}, TOO_LARGE],
    ["packed", { "content-encoding": "gzip" }, gzipSync(TOO_LARGE)],
  ])("a response that is too large %s is not taken", async (_how, headers, body) => {
    const server = await bodyServer(headers, body);
    const front = await tlsFront(trusted, server.port);
    const run = await read(front.port, env());
    expect(run.errors).toMatchObject([
      { failure_type: "transient_error", message: expect.stringContaining("more than 16 MB") },
    ]);
    await Promise.all([front.close(), server.close()]);
  });
});

describe("through an https proxy", () => {
  it("whose certificate nobody has signed, not a byte goes, whatever the environment says", async () => {
    const secure = await tlsFront(stranger, proxy.port);
    const front = await tlsFront(trusted, api.port);
    const run = await read(front.port, {
      HTTPS_PROXY: `https://user:s3same@localhost:${secure.port}`,
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
    });
    expect(run.errors).toMatchObject([
      { failure_type: "config_error", message: expect.stringContaining("the proxy that HTTPS_PROXY names") },
    ]);
    expect(secure.received()).toBe(0);
    expect(front.connections()).toBe(0);
    expect(run.lines.join()).not.toContain("s3same");
    await Promise.all([secure.close(), front.close()]);
  });
});

describe("plain http to this machine", () => {
  it.each(["http://proxy.invalid:3128", "http://127.0.0.1.proxy.invalid:3128", "https://proxy.invalid"])(
    "goes through no proxy on another machine: %s",
    async (address) => {
      const env = { HTTP_PROXY: address, HTTPS_PROXY: address, ALL_PROXY: address };
      const run = await readFrom(api, { config: HASTY, options: { env } });
      expect(run.code).toBe(0);
      expectWhole(api, run.records);
    },
  );
});
