/** Keys appear in no output, whatever the API does with them. Every run of this folder is searched for them too. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { runConnector } from "../connector.ts";
import { KEYS } from "../fake-api/test-client.ts";
import { inFolder } from "../input-files.ts";
import { runProgram } from "../program.ts";
import { checkHastily, readHastily, withApi } from "./fault-run.ts";
import { expectNoSecret } from "./secrets.ts";

const { apiKey, secretKey } = KEYS;
const START = Date.UTC(2024, 0, 1);

describe("an API that echoes the keys", () => {
  it.each([400, 401] as const)("in an error with %d", async (status) => {
    await withApi({ faults: [{ when: { every: 1 }, what: { kind: "echo-keys", status } }] }, async (api) => {
      const run = await readHastily(api);
      const message = expect.stringMatching(/Not accepted: \*{6}/);
      expect(run.errors).toMatchObject([{ failure_type: "config_error", message }]);
      expect(await checkHastily(api)).toMatch(/^FAILED: .*Not accepted: \*{6}/);
    });
  });

  it.concurrent.each([
    ["an error that stays", { status: 503, words: `down, ${apiKey}` }],
    ["an error in HTML", { status: 502, html: true, words: `down for ${encodeURIComponent(secretKey)}` }],
    [
      "an answer to a second open request",
      { status: 409, words: `busy: ${Buffer.from(secretKey).toString("base64")}` },
    ],
    ["an answer that breaks the contract", { status: 404, words: `nothing for ${apiKey.slice(3, 15)}` }],
  ])("in %s", async (_what, fault) => {
    await withApi({ faults: [{ when: { every: 1 }, what: { kind: "status", ...fault } }] }, async (api) => {
      const run = await readHastily(api, { config: { retry_deadline_seconds: 3 } });
      expect(run.code).toBe(1);
      expect(run.errors[0]?.message).toContain("******");
      expect(await checkHastily(api, { retry_deadline_seconds: 1 })).toContain("******");
    });
  });

  it("in its data: masked there, and the rest of the row stays", async () => {
    const sessions = [
      { timestamp: START, landingPage: `https://shop.example/?key=${apiKey}&x=1`, tags: [secretKey, "vip"] },
      { timestamp: START + 1, userId: "plain", [apiKey]: { deep: [`x${secretKey}`] } },
      { timestamp: START + 2, name: [...secretKey].map((letter) => `${letter}\u0301`).join("") },
    ];
    await withApi({ sessions }, async (api) => {
      const run = await readHastily(api);
      expect(run.code).toBe(0);
      expect(run.records.map(({ data }) => data)).toMatchObject([
        { landingPage: "https://shop.example/?key=******&x=1", tags: ["******", "vip"] },
        { userId: "plain", additionalFields: { "******": { deep: ["x******"] } } },
        { name: expect.stringContaining("d\u0301") },
      ]);
    });
  });
});

describe("keys and proxy passwords in the environment", () => {
  const EXIT = `import fs from "node:fs";
    process.on("exit", () => fs.writeFileSync(process.env.REPORT, JSON.stringify(process.report.getReport())));`;

  it("are gone from the process once they are read: no diagnostic report shows them", async () => {
    await withApi({ generated: { count: 3 } }, async (api) => {
      await inFolder(async (folder) => {
        const report = join(folder, "report.json");
        const proxy = "http://user:hush-hush@127.0.0.1:9";
        const env = {
          BROWSEE_API_KEY: apiKey,
          BROWSEE_SECRET_KEY: secretKey,
          BROWSEE_SESSION_KEY_SALT: "hush-hush",
          HTTPS_PROXY: proxy,
          https_proxy: proxy,
          HTTP_PROXY: proxy,
          ALL_PROXY: proxy,
          npm_config_https_proxy: proxy,
          NO_PROXY: "127.0.0.1",
          REPORT: report,
        };
        const nodeArgs = ["--import", `data:text/javascript,${encodeURIComponent(EXIT)}`];
        const run = await runProgram(["export", "--api-url", api.url, "--to", "-"], { env, nodeArgs });
        expect(run).toMatchObject({ code: 0 });
        expect(run.lines).toHaveLength(3);
        const text = await readFile(report, "utf8");
        expect(text).toContain('"environmentVariables"');
        expect(text).toContain('"NO_PROXY"');
        expect(text).not.toContain("hush-hush");
        expectNoSecret({ lines: [text], rest: "", stderr: "" });
      });
    });
  });
});

describe("keys of a few characters", () => {
  it("are not looked for in the data, which they would ruin, but in every message", async () => {
    const keys = { apiKey: "abc", secretKey: "12345" };
    const sessions = [{ timestamp: START, userId: "abc-12345", landingPage: "https://abc.example/12345" }];
    await withApi({ sessions, ...keys }, async (api) => {
      const config = { api_key: "abc", secret_key: "12345" };
      const run = await readHastily(api, { config });
      expect(run.records[0]?.data).toMatchObject({
        userId: "abc-12345",
        landingPage: "https://abc.example/12345",
      });
      const words = "abc is not known, nor 12345";
      api.handle.setFaults([{ when: { every: 1 }, what: { kind: "status", status: 401, words } }]);
      expect(await checkHastily(api, config)).toContain('"****** is not known, nor ******"');
    });
  });
});

describe("files that are not in order", () => {
  it.each([
    ["no JSON", `{"api_key": "${apiKey}", "secret_key": ${secretKey}}`],
    ["a salt that is no text", { api_key: "x", secret_key: "x", session_key_salt: [secretKey] }],
    ["a wrong field beside them", { api_key: apiKey, secret_key: secretKey, start_date: secretKey }],
    ["keys in the wrong place", { api_key: [apiKey], secret_key: { secretKey } }],
    [
      "keys in the address",
      { api_key: apiKey, secret_key: secretKey, api_url: `https://${apiKey}:${secretKey}@x.example` },
    ],
  ])("%s", async (_what, config) => {
    for (const command of ["check", "discover"] as const)
      expectNoSecret(await runConnector(command, { config }));
  });
});

describe("the search itself", () => {
  it.each([
    apiKey,
    secretKey.slice(4, 12),
    Buffer.from(`x${apiKey}`).toString("base64"),
    Buffer.from(secretKey).toString("hex"),
  ])("finds %s", (text) => {
    const clean = { lines: ["a line"], rest: "", stderr: "" };
    expect(() => expectNoSecret(clean)).not.toThrow();
    expect(() => expectNoSecret({ ...clean, lines: [`{"message":"${text}"}`] })).toThrow("a trace of a key");
    expect(() => expectNoSecret({ ...clean, stderr: text })).toThrow("a trace of a key");
  });
});
