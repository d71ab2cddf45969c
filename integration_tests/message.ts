/** AirbyteRecordMessage, as far as a source fills it. */
export interface RecordMessage {
  readonly stream: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly emitted_at: number;
  readonly meta?: {
    readonly changes?: readonly {
      readonly field: string;
      readonly change: string;
      readonly reason: string;
    }[];
  };
}

/** AirbyteStateMessage of type STREAM. */
export interface StateMessage {
  readonly type: string;
  readonly stream: {
    readonly stream_descriptor: { readonly name: string };
    readonly stream_state: Readonly<Record<string, unknown>>;
  };
  readonly sourceStats: { readonly recordCount: number };
}

/** AirbyteTraceMessage. */
export interface TraceMessage {
  readonly type: string;
  readonly emitted_at: number;
  readonly error?: {
    readonly message: string;
    readonly internal_message?: string;
    readonly stack_trace?: string;
    readonly failure_type?: string;
    readonly stream_descriptor?: { readonly name: string };
  };
  readonly stream_status?: {
    readonly stream_descriptor: { readonly name: string };
    readonly status: string;
    readonly reasons?: readonly object[];
  };
  readonly estimate?: { readonly name: string; readonly type: string; readonly row_estimate?: number };
}

/** AirbyteMessage. */
export type Message =
  | { readonly type: "RECORD"; readonly record: RecordMessage }
  | { readonly type: "STATE"; readonly state: StateMessage }
  | { readonly type: "TRACE"; readonly trace: TraceMessage }
  | { readonly type: "LOG"; readonly log: { readonly level: string; readonly message: string } }
  | { readonly type: "SPEC"; readonly spec: Readonly<Record<string, unknown>> }
  | { readonly type: "CATALOG"; readonly catalog: { readonly streams: readonly CatalogStream[] } }
  | {
      readonly type: "CONNECTION_STATUS";
      readonly connectionStatus: { readonly status: string; readonly message?: string };
    };

/** AirbyteStream. */
export interface CatalogStream {
  readonly name: string;
  readonly json_schema: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}
