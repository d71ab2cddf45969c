import type { TakeLine } from "./line-splitter.ts";

/** Counts records without parsing them. */
export interface RecordCounter {
  readonly take: TakeLine;
  readonly records: () => number;
}

const MARK = '"type":"RECORD"';
/** The message's own type stands at one of its ends. */
const END_LENGTH = 32;

/** None yet. */
export function createRecordCounter(): RecordCounter {
  let records = 0;
  return {
    take: (line) => {
      const head = line.toString("latin1", 0, END_LENGTH);
      const isRecord =
        head.includes(MARK) || line.toString("latin1", Math.max(0, line.length - END_LENGTH)).includes(MARK);
      if (isRecord) records += 1;
    },
    records: () => records,
  };
}
