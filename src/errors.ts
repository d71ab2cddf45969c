/** Who has to act on a failure (AirbyteErrorTraceMessage.failure_type). */
type FailureType = "config_error" | "transient_error" | "system_error";

/** Every failure this program can report; docs/errors.md says what each means and what to do. */
export type ErrorCode =
  | "usage"
  | "file_unreadable"
  | "config_invalid"
  | "catalog_invalid"
  | "state_invalid"
  | "unauthorized"
  | "request_refused"
  | "api_unavailable"
  | "contract_broken"
  | "set_keeps_moving"
  | "target_unusable"
  | "target_busy"
  | "target_unwritable"
  | "duckdb_missing"
  | "internal";

/** A failure with a code, told to the user in a sentence. */
export class ConnectorError extends Error {
  override readonly name = "ConnectorError";
  readonly failureType: FailureType;
  readonly code: ErrorCode;
  /** What a developer wants to know besides. */
  readonly detail: string;

  /** @param message what happened and what to do, in a sentence or two for the person who runs the sync */
  constructor(failureType: FailureType, code: ErrorCode, message: string, detail = message, cause?: unknown) {
    super(message, { cause });
    this.failureType = failureType;
    this.code = code;
    this.detail = detail;
  }

  /** The same failure in other words. */
  reworded(message: string): ConnectorError {
    return new ConnectorError(this.failureType, this.code, message, this.detail, this.cause);
  }
}

/** A person must change the configuration, the catalog, the state or the keys. */
export function configError(code: ErrorCode, message: string, detail?: string): ConnectorError {
  return new ConnectorError("config_error", code, message, detail);
}

/** Again later may work. */
export function transientError(code: ErrorCode, message: string, detail?: string): ConnectorError {
  return new ConnectorError("transient_error", code, message, detail);
}

/** The API broke its contract, or this program has a bug. */
export function systemError(code: ErrorCode, message: string, detail?: string): ConnectorError {
  return new ConnectorError("system_error", code, message, detail);
}

/** The work was told to stop (a signal, or the reader went away); not a failure of its own. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** Whatever was thrown, as a ConnectorError: one of ours unchanged, anything else as a system_error. */
export function toConnectorError(thrown: unknown): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const message =
    "The connector met an error it did not expect. Run the sync again; if it stays, report it with the log.";
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new ConnectorError("system_error", "internal", message, detail, thrown);
}
