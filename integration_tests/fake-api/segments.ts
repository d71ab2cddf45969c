import type { Dataset } from "./dataset.ts";
import { isSession, type Session } from "./session.ts";

/** Segments by id: which sessions belong to each. Must depend on the session alone. */
export type Segments = Readonly<Record<string, (session: Session) => boolean>>;

/** The segments that a stand-in has unless it is given others. */
export const DEFAULT_SEGMENTS: Segments = {
  "mobile-visitors": (session) => session.isMobile === true,
  "from-campaigns": (session) => typeof session.utm_source === "string" && session.utm_source !== "",
};

/** Tells which sessions belong to segments, and remembers it: one byte a session, from a segment's first use on. */
export interface Membership {
  /** Whether there is such a segment. */
  readonly knows: (segmentId: string) => boolean;
  /** Whether a session belongs to a segment; rows that are not objects and unknown segments never do. */
  readonly belongs: (segmentId: string, id: number) => boolean;
}

const NO = 1;
const YES = 2;

/** The membership of the sessions of `dataset`. */
export function membershipOf(segments: Segments, dataset: Dataset): Membership {
  const known = new Map<string, Uint8Array>();

  const decide = (segmentId: string, id: number): boolean => {
    const row = dataset.row(id);
    return isSession(row) && (segments[segmentId]?.(row) ?? false);
  };

  const remembered = (segmentId: string, id: number): Uint8Array => {
    const before = known.get(segmentId);
    if (before !== undefined && id < before.length) return before;
    const grown = new Uint8Array(Math.ceil((id + 1) * 1.5));
    if (before !== undefined) grown.set(before);
    known.set(segmentId, grown);
    return grown;
  };

  return {
    knows: (segmentId) => Object.hasOwn(segments, segmentId),
    belongs: (segmentId, id) => {
      if (dataset.isChanged(id)) return decide(segmentId, id);
      const answers = remembered(segmentId, id);
      if (answers[id] === 0) answers[id] = decide(segmentId, id) ? YES : NO;
      return answers[id] === YES;
    },
  };
}
