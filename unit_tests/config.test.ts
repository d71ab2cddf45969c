import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseConfig } from "../src/config.ts";
import { ConnectorError } from "../src/errors.ts";
import { WRONG_VALUES } from "./wrong-values.ts";

const KEYS = { api_key: "an api key", secret_key: "a secret key" };
const SECRET = "s3cr3t-value";

/** What parseConfig throws. @throws Error if it throws nothing, or something else */
function errorOf(value: unknown): ConnectorError {
  try {
    parseConfig(value);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error(`taken: ${JSON.stringify(value)}`);
}

describe("parseConfig: what is right", () => {
  it("has the contract's defaults", () => {
    expect(parseConfig(KEYS)).toEqual({
      apiKey: "an api key",
      secretKey: "a secret key",
      sessionKeySalt: undefined,
      startDate: Date.UTC(2015, 0, 1) / 1000,
      endDate: undefined,
      segmentIds: [],
      lookbackHours: 24,
      apiUrl: "https://api.browsee.io",
      requestTimeoutSeconds: 120,
      retryDeadlineSeconds: 1800,
      acceptCountMismatch: false,
      unknownFields: [],
    });
  });

  it.each<[string, unknown, object]>([
    ["start_date", "2024-02-29T23:59:59Z", { startDate: Date.UTC(2024, 1, 29, 23, 59, 59) / 1000 }],
    ["start_date", "2024-02-29", { startDate: Date.UTC(2024, 1, 29) / 1000 }],
    ["start_date", "", { startDate: Date.UTC(2015, 0, 1) / 1000 }],
    ["end_date", "", { endDate: undefined }],
    ["segment_ids", "", { segmentIds: [] }],
    ["lookback_window_hours", "", { lookbackHours: 24 }],
    ["api_url", "", { apiUrl: "https://api.browsee.io" }],
    ["accept_count_mismatch", "", { acceptCountMismatch: false }],
    ["api_key", "\ufeff\t an api key\u200b\r\n", { apiKey: "an api key" }],
    ["api_key", "'an api key'", { apiKey: "an api key" }],
    ["secret_key", ' " a secret key "\n', { secretKey: "a secret key" }],
    ["secret_key", '“a "secret" key”', { secretKey: 'a "secret" key' }],
    ["secret_key", '"a secret key', { secretKey: '"a secret key' }],
    ["session_key_salt", "pepper\n", { sessionKeySalt: "pepper" }],
    ["session_key_salt", "", { sessionKeySalt: undefined }],
    ["start_dat", "2024-01-01", { unknownFields: ["start_dat"] }],
    ["constructor", 1, { unknownFields: ["constructor"] }],
    ["start_date", "1969-12-31T23:59:59Z", { startDate: 0 }],
    ["end_date", "2024-01-31T00:00:00Z", { endDate: Date.UTC(2024, 0, 31) / 1000 }],
    ["end_date", "9999-12-31T23:59:59Z", { endDate: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 }],
    ["segment_ids", ["a", "b"], { segmentIds: ["a", "b"] }],
    ["segment_ids", [" a\n", "b\ud83dc"], { segmentIds: ["a", "b\ufffdc"] }],
    ["segment_ids", [], { segmentIds: [] }],
    ["lookback_window_hours", 0, { lookbackHours: 0 }],
    ["lookback_window_hours", 8760, { lookbackHours: 8760 }],
    ["api_url", "https://api.example.com:8443/", { apiUrl: "https://api.example.com:8443" }],
    ["api_url", "http://localhost:1", { apiUrl: "http://localhost:1" }],
    ["api_url", "http://127.9.9.9", { apiUrl: "http://127.9.9.9" }],
    ["api_url", "http://[::1]:80", { apiUrl: "http://[::1]" }],
    ["request_timeout_seconds", 1, { requestTimeoutSeconds: 1 }],
    ["request_timeout_seconds", 600, { requestTimeoutSeconds: 600 }],
    ["retry_deadline_seconds", 0, { retryDeadlineSeconds: 0 }],
    ["retry_deadline_seconds", 86_400, { retryDeadlineSeconds: 86_400 }],
    ["accept_count_mismatch", true, { acceptCountMismatch: true }],
    ["accept_count_mismatch", null, { acceptCountMismatch: false }],
  ])("%s: %j", (field, value, expected) => {
    expect(parseConfig({ ...KEYS, [field]: value })).toMatchObject(expected);
  });
});

describe("parseConfig: in Airbyte Cloud", () => {
  const cloud = { DEPLOYMENT_MODE: "CLOUD" };

  it("keys go to Browsee alone", () => {
    const other = { ...KEYS, api_url: "https://api.example.com" };
    expect(() => parseConfig(other, cloud)).toThrow(/^api_url must be https:\/\/api\.browsee\.io in/);
    expect(() => parseConfig({ ...KEYS, api_url: "https://api.browsee.io:8443" }, cloud)).toThrow("api_url");
    expect(parseConfig(other, { DEPLOYMENT_MODE: "OSS" }).apiUrl).toBe("https://api.example.com");
    expect(parseConfig({ ...KEYS, api_url: "https://api.browsee.io/" }, cloud).apiUrl).toBe(
      "https://api.browsee.io",
    );
  });
});

describe("parseConfig: what is wrong names its field", () => {
  const cases = Object.entries(WRONG_VALUES).flatMap(([field, values]) =>
    values.map((value) => [field, value] as const),
  );
  it.each(cases)("%s: %j", (field, value) => {
    const { code, failureType, message } = errorOf({ ...KEYS, [field]: value });
    expect({ code, failureType }).toEqual({ code: "config_invalid", failureType: "config_error" });
    expect(message).toMatch(new RegExp(`^${field} .+\\.$`));
  });

  it.each([null, 5, "text", [], [KEYS], undefined])("and %j is none", (value) => {
    expect(errorOf(value).message).toMatch(/api_key/);
  });
});

describe("parseConfig: whatever it is given", () => {
  const field = fc.constantFrom(...Object.keys(WRONG_VALUES), "unknown", "__proto__", "constructor");
  const value = fc.oneof(
    fc.jsonValue(),
    fc.integer(),
    fc.constantFrom(...Object.values(WRONG_VALUES).flat(), SECRET, [SECRET], { a: SECRET }),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString().replace(/\.\d+/, "")),
    fc.webUrl(),
  );

  it("gives a configuration within the contract's bounds, or says in a sentence why not, without a secret", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(field, value), { maxLength: 6 }), fc.boolean(), (fields, withKeys) => {
        const given = { ...(withKeys && KEYS), ...Object.fromEntries(fields) };
        const outcome = outcomeOf(given);
        if (outcome instanceof ConnectorError) {
          expect(outcome).toMatchObject({ code: "config_invalid", failureType: "config_error" });
          expect(outcome.message + outcome.detail).not.toContain(SECRET);
          return;
        }
        expect(outcome.startDate).toBeGreaterThanOrEqual(0);
        if (outcome.endDate !== undefined) expect(outcome.endDate).toBeLessThan(253_402_300_800);
        expect(outcome.lookbackHours).toBeLessThanOrEqual(8760);
        expect(new URL(outcome.apiUrl).origin).toBe(outcome.apiUrl);
        expect(new Set(outcome.segmentIds).size).toBe(outcome.segmentIds.length);
        expect([outcome.apiKey.length, outcome.secretKey.length]).not.toContain(0);
      }),
    );
  });

  it("takes any JSON at all for right or wrong", () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => void outcomeOf(json)));
  });
});

/** @throws whatever is no ConnectorError */
function outcomeOf(given: unknown): ReturnType<typeof parseConfig> | ConnectorError {
  try {
    return parseConfig(given);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
}
