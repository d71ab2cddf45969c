import { configError } from "../errors.ts";
import type { SyncMode } from "../generated/airbyte-protocol.ts";
import { isConfiguredCatalog } from "../generated/validators.js";

/** A stream that is to be read. */
export interface ConfiguredStream {
  readonly name: string;
  readonly syncMode: SyncMode;
  /** Columns that its json_schema lists; none means all. */
  readonly columns: readonly string[];
}

/**
 * Reads a ConfiguredAirbyteCatalog.
 * @param value the parsed JSON of the --catalog file
 * @throws ConnectorError catalog_invalid
 */
export function parseCatalog(value: unknown): readonly ConfiguredStream[] {
  if (!isConfiguredCatalog(value)) {
    const error = isConfiguredCatalog.errors?.[0];
    const where = error?.instancePath === "" ? "" : ` at ${error?.instancePath}`;
    throw configError("catalog_invalid", `The catalog is not valid${where}: ${error?.message ?? "unknown"}.`);
  }
  const names = value.streams.map(({ stream }) => stream.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw configError("catalog_invalid", `The catalog has the stream "${twice}" twice.`);
  return value.streams.map(({ stream, sync_mode }) => ({
    name: stream.name,
    syncMode: sync_mode,
    columns: Object.keys(stream.json_schema?.properties ?? {}),
  }));
}
