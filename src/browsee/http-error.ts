import type { ProxyAddress } from "./proxy.ts";

/** No whole response came. */
export class HttpError extends Error {
  /** Whether the request was sent, so that the API may be at work on it. */
  readonly sent: boolean;

  constructor(cause: unknown, sent: boolean) {
    super(causesOf(cause).at(-1)?.message ?? String(cause), { cause });
    this.name = "HttpError";
    this.sent = sent;
  }
}

/** The proxy did not make a tunnel to the API. */
export class ProxyError extends Error {
  readonly variable: ProxyAddress["variable"];
  /** In messages; never by its address, which may hold a password. */
  readonly called: string;
  /** HTTP status of its response; undefined where none came. */
  readonly status: number | undefined;

  constructor({ variable }: ProxyAddress, failure: { readonly status?: number; readonly cause?: unknown }) {
    super("the proxy made no tunnel", { cause: failure.cause });
    this.name = "ProxyError";
    this.variable = variable;
    this.called = `the proxy that ${variable} names`;
    this.status = failure.status;
  }
}

/** An error, its cause, the cause of that, and so on; of several errors in one, the first. Empty for anything else. */
export function causesOf(thrown: unknown): readonly Error[] {
  if (!(thrown instanceof Error)) return [];
  const cause = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause;
  return [thrown, ...causesOf(cause)];
}
