/** A source for the same API as the framework's own sources are written: a source, a stream, slices of a day, offsets. */
const { AirbyteSourceBase, AirbyteSourceLogger, AirbyteSourceRunner, AirbyteSpec, AirbyteStreamBase } = require("faros-airbyte-cdk");
const { makeAxiosInstanceWithRetry } = require("faros-js-client");
const VError = require("verror");
const schema = require("../../../schemas/sessions.json");

const PAGE_SIZE = 100;
const DAY_S = 86_400;

class Browsee {
  constructor(config, logger) {
    this.config = config;
    this.api = makeAxiosInstanceWithRetry({ baseURL: config.api_url, timeout: 120_000 }, logger.asPino());
  }

  async page(query) {
    const { api_key: apiKey, secret_key: secretKey } = this.config;
    const { data } = await this.api.post("/api/v1/export/sessions", { apiKey, secretKey, ...query });
    return data.exports;
  }
}

class Sessions extends AirbyteStreamBase {
  constructor(config, logger) {
    super(logger);
    this.config = config;
    this.browsee = new Browsee(config, logger);
  }

  get name() {
    return "sessions";
  }

  getJsonSchema() {
    return schema;
  }

  get primaryKey() {
    return undefined;
  }

  get cursorField() {
    return "timestamp";
  }

  get stateCheckpointInterval() {
    return 1000;
  }

  async *streamSlices(_syncMode, _cursorField, streamState) {
    const last = Date.parse(this.config.end_date ?? new Date().toISOString()) / 1000;
    const first = streamState?.timestamp ?? Date.parse(this.config.start_date);
    for (let start = Math.floor(first / 1000); start < last; start += DAY_S) {
      yield { start, end: Math.min(start + DAY_S, last) };
    }
  }

  async *readRecords(_syncMode, _cursorField, { start, end }) {
    for (let from = 0; ; from += PAGE_SIZE) {
      const { total, data } = await this.browsee.page({ start, end, from, limit: PAGE_SIZE });
      for (const session of data) yield session;
      if (data.length === 0 || from + PAGE_SIZE >= total) return;
    }
  }

  getUpdatedState(current, latest) {
    return { timestamp: Math.max(current.timestamp ?? 0, latest.timestamp ?? 0) };
  }
}

class BrowseeSource extends AirbyteSourceBase {
  get type() {
    return "browsee";
  }

  async spec() {
    return new AirbyteSpec(require("../../../spec.json"));
  }

  async checkConnection(config) {
    try {
      const now = Math.floor(Date.now() / 1000);
      await new Browsee(config, this.logger).page({ start: now - 3600, end: now, from: 0, limit: 1 });
    } catch (error) {
      return [false, new VError(error, "The API can't be read")];
    }
    return [true, undefined];
  }

  streams(config) {
    return [new Sessions(config, this.logger)];
  }
}

const logger = new AirbyteSourceLogger();
new AirbyteSourceRunner(logger, new BrowseeSource(logger)).mainCommand().parse();
