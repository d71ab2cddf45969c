import type { BusySite } from "../measure/busy-site.ts";
import { runsOf } from "../measure/reads.ts";
import { median } from "../measure/statistics.ts";
import type { Reading } from "../results.ts";
import { markdownTable } from "./document.ts";
import { duration, integer, millions } from "./units.ts";

const MONTH = 10_000_000;
const DAYS_A_MONTH = 30;
const DAY_MS = 86_400_000;
const LATENCIES = [50, 100, 200, 500, 1000];

/** What the figures on paper are computed from. */
export interface Basis {
  /** Requests for each session that is new. */
  readonly forNew: number;
  /** Requests for each session that the lookback reads again. */
  readonly forAgain: number;
  /** CPU time of a request, ms. */
  readonly cpuMs: number;
  /** What a request takes besides the API's latency, ms. */
  readonly extraMs: number;
  readonly peakMb: number;
}

/** Takes the basis from what was measured. @param slow a reading with latency */
export function basisOf({ sessions, days, first, again }: BusySite, slow: Reading): Basis {
  const extras = runsOf(slow.runs, "source-browsee").map(
    ({ wallMs, seen }) => wallMs / seen.requests.length - slow.plan.latencyMs,
  );
  return {
    forNew: first.requests / sessions,
    forAgain: again.requests / (sessions / days),
    cpuMs: first.cpuMs / first.requests,
    extraMs: median(extras),
    peakMb: Math.max(first.peakMb, again.peakMb),
  };
}

/** The two syncs that were measured. */
export function busyTable({ first, again }: BusySite): string {
  const row = (what: string, sync: BusySite["first"]) => [
    what,
    integer(sync.requests),
    integer(sync.records),
    duration(sync.wallMs),
    `${(sync.cpuMs / 1000).toFixed(1)} s`,
    `${sync.peakMb.toFixed(0)} MB`,
    `${(sync.stateBytes / 1000).toFixed(1)} kB`,
  ];
  return markdownTable(
    ["", "requests", "records", "wall clock", "CPU time", "peak memory", "longest STATE"],
    [row("first sync", first), row("sync after it, nothing new", again)],
  );
}

/** What the figures on paper start from, as a list. */
export function basisList({ forNew, forAgain, cpuMs, extraMs }: Basis): string {
  return [
    `- ${(forNew * 100).toFixed(3)} requests for 100 new sessions, ${(forAgain * 100).toFixed(3)} for 100 that the lookback reads again`,
    `- ${cpuMs.toFixed(2)} ms of CPU time a request`,
    `- ${extraMs.toFixed(2)} ms of wall clock a request besides the latency`,
  ].join("\n");
}

/** Time and limits at several latencies. */
export function scaleTable({ forNew, forAgain, cpuMs, extraMs }: Basis): string {
  const aDay = MONTH / DAYS_A_MONTH;
  const rows = LATENCIES.map((latency) => {
    const ms = latency + extraMs;
    const daily = aDay * (forNew + forAgain);
    const hourly = (aDay * forNew) / 24 + aDay * forAgain;
    const hourlyShort = (aDay * (forNew + forAgain)) / 24;
    return [
      `${latency} ms`,
      duration(MONTH * forNew * ms),
      duration(daily * ms),
      duration(hourly * ms),
      duration(hourlyShort * ms),
      millions(DAY_MS / ((forNew + forAgain) * ms)),
      `${((cpuMs / ms) * 100).toFixed(1)} %`,
    ];
  });
  return markdownTable(
    [
      "latency",
      "first sync of a month",
      "daily sync, lookback 24 h",
      "hourly sync, lookback 24 h",
      "hourly sync, lookback 1 h",
      "sessions a day that fill one connection",
      "of a core",
    ],
    rows,
  );
}

/** Requests on paper, as a sentence. */
export function requestSentence({ forNew, forAgain }: Basis): string {
  const aDay = MONTH / DAYS_A_MONTH;
  return `A month of 10 million sessions takes ${integer(MONTH * forNew)} requests. A daily sync (333,333 new sessions and as many of the day before) takes ${integer(aDay * (forNew + forAgain))}; an hourly one ${integer((aDay * forNew) / 24 + aDay * forAgain)} with the lookback at 24 hours and ${integer((aDay * (forNew + forAgain)) / 24)} with it at 1.`;
}

/** A container's memory: what was used and a quarter more, in steps of 32 MiB; and a limit of four times that. */
export function resources({ peakMb }: Basis): string {
  const request = Math.ceil((peakMb * 1.25) / 32) * 32;
  const sync = {
    jobType: "sync",
    resourceRequirements: {
      cpu_request: "0.1",
      cpu_limit: "1",
      memory_request: `${request}Mi`,
      memory_limit: `${request * 4}Mi`,
    },
  };
  return `\`\`\`json\n${JSON.stringify({ jobSpecific: [sync] }, undefined, 2)}\n\`\`\``;
}
