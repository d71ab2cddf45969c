/** Who has to act on a failure (AirbyteErrorTraceMessage.failure_type). */
export type FailureType = "config_error" | "transient_error" | "system_error";

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

interface ErrorParts {
  readonly code: ErrorCode;
  readonly failureType: FailureType;
  /** What happened and what to do, in a sentence or two for the person who runs the sync. */
  readonly message: string;
  /** What a developer wants to know besides. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/** A failure with a code, told to the user in a sentence. */
export class ConnectorError extends Error {
  readonly code: ErrorCode;
  readonly failureType: FailureType;
  readonly detail: string;

  constructor(parts: ErrorParts) {
    super(parts.message, { cause: parts.cause });
    this.name = "ConnectorError";
    this.code = parts.code;
    this.failureType = parts.failureType;
    this.detail = parts.detail ?? parts.message;
  }
}

/** A person must change the configuration, the catalog, the state or the keys. */
export function configError(code: ErrorCode, message: string, detail?: string): ConnectorError {
  return new ConnectorError({
    code,
    failureType: "config_error",
    message,
    ...(detail !== undefined && { detail }),
  });
}

/** The work was told to stop (a signal, or the reader went away); not a failure of its own. */
export class Cancelled extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "Cancelled";
  }
}

/**
 * Whatever was thrown, as a ConnectorError: one of ours unchanged, anything else as a system_error.
 * @param thrown value of a catch clause
 */
export function toConnectorError(thrown: unknown): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  return new ConnectorError({
    code: "internal",
    failureType: "system_error",
    message:
      "The connector met an error it did not expect. Run the sync again; if it stays, report it with the log.",
    detail: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    cause: thrown,
  });
}
