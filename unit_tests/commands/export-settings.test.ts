import { describe, expect, it } from "@jest/globals";
import { parseDateOption } from "../../src/commands/date-option.ts";
import {
  chooseFields,
  chooseStreams,
  fieldsOf,
  inWordsOfOptions,
} from "../../src/commands/export-settings.ts";
import type { ExportArguments } from "../../src/commands/options.ts";
import { configOf } from "../../src/commands/read-config.ts";
import type { Env } from "../../src/config.ts";
import { ConnectorError } from "../../src/errors.ts";

const NOW = Date.UTC(2024, 1, 29);
const FILE = { api_key: "file-key", secret_key: "file-secret" };
const ENV = { BROWSEE_API_KEY: "env-key", BROWSEE_SECRET_KEY: "env-secret" };
const TO = { to: "a.csv" };

function exportConfig(options: ExportArguments, file: unknown, env: Env, now: number) {
  return configOf(file, env, () => fieldsOf(options, (option, text) => parseDateOption(option, text, now)));
}

describe("the settings of an export", () => {
  it("are the defaults with keys from the environment", () => {
    expect(exportConfig(TO, undefined, ENV, NOW)).toMatchObject({
      apiKey: "env-key",
      secretKey: "env-secret",
      lookbackHours: 24,
    });
  });

  it.each([null, "", " ", "\u200b"])(
    "are the file's, which go before the environment, but for %j",
    (empty) => {
      const file = { ...FILE, secret_key: empty, lookback_window_hours: 5 };
      expect(exportConfig(TO, file, ENV, NOW)).toMatchObject({
        apiKey: "file-key",
        secretKey: "env-secret",
        lookbackHours: 5,
      });
    },
  );

  it("are the command line's before all", () => {
    const options = { ...TO, startDate: "1d", endDate: "12h", segment: ["a", "b", "a"], lookbackHours: 0 };
    const file = {
      ...FILE,
      start_date: "2020-01-01T00:00:00Z",
      segment_ids: ["c"],
      lookback_window_hours: 5,
    };
    expect(exportConfig(options, file, {}, NOW)).toMatchObject({
      startDate: NOW / 1000 - 86_400,
      endDate: NOW / 1000 - 43_200,
      segmentIds: ["a", "b"],
      lookbackHours: 0,
    });
  });

  it.each([null, [], "text", 1])("%j is no configuration", (file) => {
    expect(() => exportConfig(TO, file, ENV, NOW)).toThrow(ConnectorError);
  });

  it("that are wrong are called what they were called where they came from", () => {
    const wrong = { ...FILE, lookback_window_hours: -1 };
    const words = (options: object, file: object) => () => {
      const given = { ...TO, config: "file.json", ...options };
      try {
        exportConfig(given, file, {}, NOW);
      } catch (error) {
        throw error instanceof ConnectorError ? inWordsOfOptions(error, given) : error;
      }
    };
    expect(words({}, wrong)).toThrow(/^lookback_window_hours must be/);
    expect(words({ lookbackHours: -1 }, FILE)).toThrow(/^--lookback-hours must be/);
    expect(words({ startDate: "1d", endDate: "2d" }, FILE)).toThrow(
      /^--end-date must be later than --start-date/,
    );
  });

  it("need keys from somewhere", () => {
    expect(() => exportConfig(TO, undefined, {}, NOW)).toThrow("There are no keys: ");
    expect(() => exportConfig(TO, {}, {}, NOW)).toThrow("api_key");
  });
});

describe("streams and fields", () => {
  const plain = exportConfig(TO, FILE, {}, NOW);
  const segmented = exportConfig({ ...TO, segment: ["a"] }, FILE, {}, NOW);
  const namesOf = (names: readonly string[] | undefined, config = plain) =>
    chooseStreams(names, config).map(({ name }) => name);

  it("are all that the configuration offers, or the named ones, each once", () => {
    expect(namesOf(undefined)).toEqual(["sessions"]);
    expect(namesOf([], segmented)).toEqual(["sessions", "segment_sessions"]);
    expect(namesOf(["segment_sessions", "segment_sessions"], segmented)).toEqual(["segment_sessions"]);
    expect(() => namesOf(["segment_sessions"])).toThrow("needs --segment");
    expect(() => namesOf(["Sessions"])).toThrow('There is no stream "Sessions".');
  });

  it("are taken apart at commas", () => {
    const streams = chooseStreams(undefined, segmented);
    expect(chooseFields(["city, userId", "tags,,"], streams)).toEqual(["city", "userId", "tags"]);
    expect(chooseFields(undefined, streams)).toEqual([]);
    expect(() => chooseFields(["segmentId"], chooseStreams(undefined, plain))).toThrow(
      'no field "segmentId"',
    );
  });
});
