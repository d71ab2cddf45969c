import type { Fields } from "../../src/browsee/response.ts";
import { createRowConverter } from "../../src/records/row-converter.ts";
import { createKeyMaker } from "../../src/records/session-key.ts";
import { pickColumns } from "../../src/streams/open-partition.ts";
import { stream } from "../../src/streams/sessions.ts";

type RowConverter = ReturnType<typeof createRowConverter>;

/** A converter of sessions. @param configured columns; none for all */
export function converterOf(
  configured: readonly string[] = [],
  constants: Readonly<Record<string, string>> = {},
): RowConverter {
  return createRowConverter({
    ...stream,
    picked: pickColumns(stream, configured).picked,
    keys: createKeyMaker({ apiKey: "key", sessionKeySalt: undefined }),
    constants,
  });
}

/** What is written of a row. */
export function written(
  converter: RowConverter,
  fields: Fields,
  number = 0,
): {
  readonly data: Readonly<Record<string, unknown>>;
  readonly json: string;
  readonly nulled: readonly string[];
} {
  const { json, nulled } = converter.record(converter.convert(fields), number);
  return { data: JSON.parse(json), json, nulled };
}
