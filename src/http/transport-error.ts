/** No whole answer came through. */
export class TransportError extends Error {
  /** Whether the request had been sent, so that the other side may be at work on it. */
  readonly sent: boolean;

  constructor(cause: unknown, sent: boolean) {
    super(causesOf(cause).at(-1)?.message ?? String(cause), { cause });
    this.name = "TransportError";
    this.sent = sent;
  }
}

/** An error, its cause, the cause of that, and so on; of several errors in one, the first. Empty for anything else. */
export function causesOf(thrown: unknown): readonly Error[] {
  if (!(thrown instanceof Error)) return [];
  const cause = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause;
  return [thrown, ...causesOf(cause)];
}
