import type { ExportRequest } from "../../integration_tests/fake-api/request.ts";

/** What a read asked for. */
export interface Asked {
  readonly requests: number;
  /** Those of a span of time that was not read on: they found out how many sessions it holds. */
  readonly finding: number;
}

/** Tells the requests that found slices from those that read them; an only page that was needed counts as finding. */
export function askedIn(requests: readonly ExportRequest[]): Asked {
  const spans = new Map<string, number>();
  for (const { start, end } of requests) {
    const span = `${start}-${end}`;
    spans.set(span, (spans.get(span) ?? 0) + 1);
  }
  return {
    requests: requests.length,
    finding: [...spans.values()].filter((count) => count === 1).length,
  };
}
