import type { Cursor } from "./cursor.ts";
import type { Emission } from "./emission.ts";
import type { Slice } from "./slice.ts";

/** What a person may want to know while a set is read. */
export type Event =
  | {
      readonly kind: "window";
      /** Unix s, inclusive. */
      readonly from: number;
      /** Unix s, exclusive. */
      readonly to: number;
      /** Unix s: what lies before it is read once more; undefined at the first sync. */
      readonly reached: number | undefined;
    }
  | { readonly kind: "estimate"; readonly rows: number }
  | {
      readonly kind: "slice";
      readonly slice: Slice;
      /** Sessions of the slice that the API counted. */
      readonly counted: number;
      /** Unix s. */
      readonly windowEnd: number;
    }
  | { readonly kind: "torn"; readonly slice: Slice; readonly why: string };

/** Where sessions go. */
export interface Output {
  /** Takes the records at once; resolves when more may come. */
  records(batch: readonly Emission[]): Promise<void>;
  /** Everything handed over so far stands; a later run may go on from here. */
  checkpoint(cursor: Cursor): Promise<void>;
  report(event: Event): void;
}
