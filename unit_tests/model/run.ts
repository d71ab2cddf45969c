import { hash } from "node:crypto";
import { createCheckpoints } from "../../src/sync/checkpoints.ts";
import { type Cursor, decodeCursor, encodeCursor } from "../../src/sync/cursor.ts";
import { type KeyedRow, type Page, Receipt } from "../../src/sync/page.ts";
import { type PartitionParts, readPartition } from "../../src/sync/read-partition.ts";
import { PageKnowledge } from "../../src/sync/requests.ts";
import type { Answer } from "./api.ts";
import { scatter } from "./random.ts";
import type { Reader, Written } from "./reader.ts";
import type { Session } from "./world.ts";

/** The engine, as the model drives it. */
export const engine: Reader = async (surroundings, state, bounds) => {
  const { fetch, records, checkpoint, monotonicNow, maxFingerprints } = surroundings;
  const before = decodeCursor(state);
  let cursor = (): Cursor => before ?? { timestamp: 0, fingerprints: [] };
  const checkpoints = createCheckpoints(
    () => checkpoint(JSON.parse(JSON.stringify(encodeCursor(cursor(), maxFingerprints)))),
    monotonicNow,
  );
  const parts: PartitionParts = {
    fetch: async (query) => toPage(await fetch(query)),
    record: (row, number) => ({
      ...row,
      json: JSON.stringify({ ...parsed(row.json), key: `${parsed(row.json).key}#${number}` }),
    }),
    output: {
      records: (batch) => records(batch.map(({ json }) => parsed(json))),
      report: surroundings.report ?? (() => undefined),
    },
    pages: new PageKnowledge(),
    checkpoints,
    track(present) {
      cursor = present;
    },
    acceptCountMismatch: surroundings.acceptCountMismatch ?? false,
    receipt: new Receipt(),
  };
  await readPartition(parts, before, bounds).finally(() => checkpoints.last());
};

export function toPage({ rows, total }: Answer): Page {
  const keyed = rows.map(toRow);
  return { starts: keyed.map(({ start }) => start), total, rows: () => keyed };
}

/** Every other group of duplicates differs in what hardly ever changes, such as the user; the others in what may change. */
function toRow({ id, version, family, at, readable, face }: Session): KeyedRow {
  return {
    key: hash("sha256", face).slice(0, 32),
    start: readable ? at : undefined,
    json: JSON.stringify({ key: face, id, version, family, at, readable }),
    nulled: [],
    hash: scatter(id, version) >>> 0,
    rank: face.length % 2 === 0 ? id : 0,
  };
}

function parsed(json: string): Written {
  return JSON.parse(json);
}
