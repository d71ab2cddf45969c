import { describe, expect, it } from "@jest/globals";
import type { Fields } from "../../scripts/compatibility/change.ts";
import { compareCatalogs } from "../../scripts/compatibility/compare-catalogs.ts";

const COLUMNS = {
  id: { type: "string", description: "ID." },
  at: { type: ["string", "null"], format: "date-time", airbyte_type: "timestamp_with_timezone" },
  count: { type: ["integer", "null"] },
  urls: { type: ["array", "null"], items: { type: "string" } },
  more: { type: ["object", "null"], properties: { inner: { type: "string" } } },
};
const STREAM = {
  name: "visits",
  json_schema: { type: "object", required: ["id"], additionalProperties: true, properties: COLUMNS },
  supported_sync_modes: ["full_refresh", "incremental"],
  source_defined_cursor: true,
  default_cursor_field: ["at"],
  source_defined_primary_key: [["id"]],
  is_resumable: true,
};
const CATALOG = { streams: [STREAM] };

function withStream(fields: Fields): Fields {
  return { streams: [{ ...STREAM, ...fields }] };
}

function withSchema(fields: Fields): Fields {
  return withStream({ json_schema: { ...STREAM.json_schema, ...fields } });
}

function withColumns(columns: Readonly<Record<string, Fields | undefined>>): Fields {
  return withSchema({ properties: { ...COLUMNS, ...columns } });
}

const { id, at, count, urls, more } = COLUMNS;

describe("a catalog", () => {
  it("of the same content is no change, whatever the order of its columns", () => {
    const turned = withSchema({ properties: Object.fromEntries(Object.entries(COLUMNS).reverse()) });
    expect(compareCatalogs(CATALOG, turned)).toEqual([]);
  });

  it.each<[string, Fields, string]>([
    ["removed stream", { streams: [] }, "stream visits is gone"],
    ["renamed stream", withStream({ name: "sessions" }), "stream visits is gone"],
    ["removed column", withColumns({ count: undefined }), "column visits.count is gone"],
    ["renamed column", withColumns({ count: undefined, number: count }), "column visits.count is gone"],
    [
      "removed column in a column",
      withColumns({ more: { ...more, properties: {} } }),
      "column visits.more.inner is gone",
    ],
    ["another type", withColumns({ count: { type: ["number", "null"] } }), "visits.count: another type"],
    [
      "a column that may be null now",
      withColumns({ id: { ...id, type: ["string", "null"] } }),
      "visits.id: another type",
    ],
    ["another format", withColumns({ at: { ...at, format: "date" } }), "visits.at: another format"],
    [
      "another type of time",
      withColumns({ at: { ...at, airbyte_type: "timestamp_without_timezone" } }),
      "visits.at: another airbyte_type",
    ],
    [
      "other elements",
      withColumns({ urls: { ...urls, items: { type: "object" } } }),
      "visits.urls[]: another type",
    ],
    ["a column that may be absent", withSchema({ required: [] }), "visits: id may be absent"],
    [
      "another primary key",
      withStream({ source_defined_primary_key: [["at"]] }),
      "visits: another source_defined_primary_key",
    ],
    [
      "another cursor",
      withStream({ default_cursor_field: ["count"] }),
      "visits: another default_cursor_field",
    ],
    [
      "a cursor of the user's",
      withStream({ source_defined_cursor: false }),
      "visits: another source_defined_cursor",
    ],
    [
      "a sync mode less",
      withStream({ supported_sync_modes: ["full_refresh"] }),
      "visits: no incremental any more",
    ],
    ["not resumable any more", withStream({ is_resumable: false }), "visits: another is_resumable"],
    ["another namespace", withStream({ namespace: "eu" }), "visits: another namespace"],
  ])("%s: major", (_name, after, what) => {
    expect(compareCatalogs(CATALOG, after)).toContainEqual({ size: "major", what });
  });

  it.each<[string, Fields, Fields]>([
    ["new stream", CATALOG, { streams: [STREAM, { ...STREAM, name: "pages" }] }],
    ["new column", CATALOG, withColumns({ city: { type: "string" } })],
    ["a column that is always there", CATALOG, withSchema({ required: ["id", "count"] })],
    ["a sync mode more", withStream({ supported_sync_modes: ["incremental"] }), CATALOG],
    ["resumable", withStream({ is_resumable: false }), CATALOG],
  ])("%s: minor", (_name, before, after) => {
    expect(compareCatalogs(before, after).map(({ size }) => size)).toEqual(["minor"]);
  });

  it("another description: patch", () => {
    const after = withColumns({ id: { ...id, description: "The ID." } });
    expect(compareCatalogs(CATALOG, after)).toEqual([
      { size: "patch", what: "visits.id: another description" },
    ]);
  });
});
