/** What a run over one stream came to, also where it failed. Each figure is counted where the thing happens. */
export interface Receipt {
  /** Unix s, inclusive: where what was asked for begins; undefined where nothing was to be read. */
  from: number | undefined;
  /** Unix s, exclusive: where it ends. */
  to: number | undefined;
  /** Rows that the API counted before they were read, margins included. */
  counted: number;
  /** Different rows of that time that came. */
  came: number;
  /** Records written. */
  written: number;
  /** Answers that were asked for again because the set moved under them. */
  rereads: number;
}

/** A receipt of nothing so far. */
export function newReceipt(): Receipt {
  return { from: undefined, to: undefined, counted: 0, came: 0, written: 0, rereads: 0 };
}
