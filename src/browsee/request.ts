import type { PageQuery } from "./page.ts";
import type { RowLayout } from "./row-layout.ts";

/** What is asked of an export besides the page. */
export interface Export {
  /** Path of the endpoint, e.g. /api/v1/export/sessions. */
  readonly path: string;
  /** API parameter segmentId. */
  readonly segmentId?: string;
  /** API parameter options.select; undefined asks for all fields. */
  readonly select?: readonly string[];
  /** What its rows are expected to have; undefined parses them all. */
  readonly layout?: RowLayout;
}

/** The project's keys (API parameters apiKey and secretKey). */
export interface Keys {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** The JSON body of one request. */
export function requestBody(keys: Keys, what: Pick<Export, "segmentId" | "select">, page: PageQuery): string {
  return JSON.stringify({
    apiKey: keys.apiKey,
    secretKey: keys.secretKey,
    ...page,
    ...(what.segmentId !== undefined && { segmentId: what.segmentId }),
    ...(what.select !== undefined && { options: { select: what.select } }),
  });
}
