import type { StreamChoice } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";

const HALF_MINUTE_MS = 30_000;
const FROM = Date.UTC(2024, 0, 1);

/** How many sessions the sample has: more than stand between two states. */
const SAMPLE_SIZE = 1500;

/** A segment that the stand-in knows. */
export const SEGMENT = "mobile-visitors";

/** Reads the sample, all of it within the lookback. */
export const CONFIG = {
  start_date: "2024-01-01T00:00:00Z",
  end_date: "2024-01-01T20:00:00Z",
  segment_ids: [SEGMENT],
};

/** Both streams, as the next sync of a saved connection reads them. */
export const STREAMS: Readonly<Record<string, StreamChoice>> = { sessions: {}, segment_sessions: {} };

/** A stand-in whose sessions are the same in every version, by no more than this file. */
export function startSample(): Promise<FakeApi> {
  const sessions = Array.from({ length: SAMPLE_SIZE }, (_, at) => ({
    timestamp: FROM + at * HALF_MINUTE_MS,
    ip: `192.0.2.${at % 250}`,
    domain: "www.example.com",
    landingPage: `https://www.example.com/${at % 7}`,
    referrer: at % 3 === 0 ? "search.example" : null,
    browser: ["Firefox", "Chrome", "Safari"][at % 3] ?? null,
    os: "Linux",
    device: "Desktop",
    isMobile: at % 2 === 0,
    duration: at * 100,
  }));
  return startFakeApi({ sessions });
}
