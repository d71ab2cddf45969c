import type { AirbyteStream } from "../generated/airbyte-protocol.ts";
import { streams } from "../generated/stream-list.ts";
import { messageLine } from "../protocol/messages.ts";
import { isOffered, type StreamDefinition } from "../streams/stream.ts";
import type { Context, ExitCode } from "./context.ts";
import { readConfig } from "./read-config.ts";

/** Prints the streams that the configuration has as a CATALOG message. */
export async function runDiscover(context: Context, configPath: string | undefined): Promise<ExitCode> {
  const config = await readConfig(context, configPath);
  const offered = streams.filter((stream) => isOffered(stream, config));
  await context.out.write([
    messageLine({ type: "CATALOG", catalog: { streams: offered.map(airbyteStream) } }),
  ]);
  return 0;
}

function airbyteStream({ name, schema, primaryKey, cursorField }: StreamDefinition): AirbyteStream {
  return {
    name,
    json_schema: schema,
    supported_sync_modes: ["full_refresh", "incremental"],
    source_defined_cursor: true,
    default_cursor_field: [cursorField],
    source_defined_primary_key: primaryKey.map((column) => [column]),
    is_resumable: true,
  };
}
