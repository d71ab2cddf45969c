/** Where the API cannot be reached, or is not who it should be. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { catalogOf, configFor, readFrom } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { runProgram } from "../program.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { checkHastily, expectWhole, HASTY, readHastily, withApi } from "./fault-run.ts";
import { expectNoSecret } from "./secrets.ts";
import { closingFront, silentServer, tlsFront } from "./servers.ts";

let folder: string;
let certificate: Certificate;
let api: FakeApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "source-browsee-tls-"));
  certificate = await makeCertificate(folder, "DNS:localhost");
  api = await startFakeApi({ generated: { count: 250 } });
});

afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

/** What becomes of a read of which nothing comes. */
async function failureOf(url: string, config: object = {}) {
  const run = await readHastily({ url }, { config: { retry_deadline_seconds: 1, ...config } });
  expect(run.code).toBe(1);
  expect(run.errors).toHaveLength(1);
  return run.errors[0];
}

describe("https", () => {
  it("is read, where the certificate is good", async () => {
    const front = await tlsFront(certificate, api.port);
    const run = await readFrom(
      { url: `https://localhost:${front.port}` },
      { config: HASTY, options: { env: { NODE_EXTRA_CA_CERTS: certificate.path } } },
    );
    expect(run.code).toBe(0);
    expectWhole(api, run.records);
    expect(front.connections()).toBe(1);
    await front.close();
  });

  it("is read by one connection after another, where each answer ends its own", async () => {
    const front = await closingFront(certificate, api.port);
    const before = api.stats.requests;
    const run = await readFrom(
      { url: `https://localhost:${front.port}` },
      { config: HASTY, options: { env: { NODE_EXTRA_CA_CERTS: certificate.path } } },
    );
    expect(run.code).toBe(0);
    expectWhole(api, run.records);
    const requests = api.stats.requests - before;
    expect(front.connections()).toBe(requests);
    expect(api.stats.maxOpen).toBe(1);
    await front.close();
  });

  it.each([
    ["nobody has signed", "localhost", {}, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["is another host's", "127.0.0.1", { NODE_EXTRA_CA_CERTS: true }, "ERR_TLS_CERT_ALTNAME_INVALID"],
    [
      "nobody has signed, even if the environment would not mind",
      "localhost",
      { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
  ])("a certificate that %s is a config_error, and nothing is sent", async (_what, host, env, code) => {
    const front = await tlsFront(certificate, api.port);
    const before = api.stats.requests;
    const url = `https://${host}:${front.port}`;
    const files = { config: configFor({ url }, HASTY), catalog: catalogOf() };
    const given = "NODE_EXTRA_CA_CERTS" in env ? { NODE_EXTRA_CA_CERTS: certificate.path } : env;
    const run = await inFolder(async (inputs) =>
      runProgram(["read", ...(await writeInputFiles(inputs, files))], { env: given }),
    );
    expectNoSecret(run);
    expect(run.code).toBe(1);
    const errors = run.lines.filter((line) => line.includes('"type":"ERROR"'));
    expect(errors).toEqual([expect.stringMatching(`${code}.*"failure_type":"config_error"`)]);
    expect(api.stats.requests).toBe(before);
    await front.close();
  });
});

describe("an API that cannot be reached", () => {
  it("because there is no such host", async () => {
    expect(await failureOf("https://api.browsee.invalid")).toMatchObject({
      failure_type: "transient_error",
      message: expect.stringMatching(
        /https:\/\/api\.browsee\.invalid can't be reached: .*(ENOTFOUND|EAI_AGAIN)/,
      ),
    });
  });

  it("because nobody listens", async () => {
    const gone = await silentServer();
    await gone.close();
    expect(await failureOf(`http://127.0.0.1:${gone.port}`)).toMatchObject({
      failure_type: "transient_error",
      message: expect.stringMatching(/can't be reached: .*ECONNREFUSED/),
    });
  });

  it("because it takes the connection and says nothing", async () => {
    const silent = await silentServer();
    expect(await failureOf(`https://localhost:${silent.port}`)).toMatchObject({
      failure_type: "transient_error",
      message: expect.stringMatching(/no connection to https:\/\/localhost:\d+ within 1 s/),
    });
    await silent.close();
  });
});

describe("a redirect", () => {
  it.concurrent.each([301, 302, 307, 308] as const)(
    "%d to another origin is never followed",
    async (status) => {
      await withApi({}, async (other) => {
        const what = { kind: "redirect", origin: other.url, status } as const;
        await withApi({ faults: [{ when: { every: 1 }, what }] }, async (redirecting) => {
          expect(await checkHastily(redirecting)).toMatch(
            new RegExp(`^FAILED: .*HTTP status ${status} and a redirect to ${other.url}`),
          );
          expect(redirecting.stats.requests).toBe(5);
        });
        expect(other.stats.requests).toBe(0);
      });
    },
  );
});
