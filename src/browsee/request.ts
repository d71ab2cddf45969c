/** Which rows of which set are asked for (API parameters start, end, from, limit). */
export interface PageQuery {
  /** Unix seconds; the API does not say whether inclusive. */
  readonly start: number;
  /** Unix seconds; the API does not say whether inclusive. */
  readonly end: number;
  /** Offset of the first row. */
  readonly from: number;
  /** At most 100. */
  readonly limit: number;
}

/** What is asked of an export besides the page. */
export interface ExportRequest {
  /** Path of the endpoint. */
  readonly path: string;
  /** More parameters by name, e.g. segmentId. */
  readonly parameters: Readonly<Record<string, string>>;
  /** API parameter options.select; undefined asks for all fields. */
  readonly select?: readonly string[];
}

/** The project's keys (API parameters apiKey and secretKey). */
export interface Keys {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** The JSON body of one request. */
export function requestBody(keys: Keys, what: ExportRequest, page: PageQuery): string {
  return JSON.stringify({
    apiKey: keys.apiKey,
    secretKey: keys.secretKey,
    ...page,
    ...what.parameters,
    ...(what.select !== undefined && { options: { select: what.select } }),
  });
}
