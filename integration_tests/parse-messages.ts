/** Every line that the program writes must be a message of the Airbyte protocol. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { load } from "js-yaml";
import type { Message } from "./message.ts";
import type { Run } from "./program.ts";

/** Where a message of each type that a source writes has its body. */
const BODY = {
  RECORD: "record",
  STATE: "state",
  TRACE: "trace",
  LOG: "log",
  SPEC: "spec",
  CATALOG: "catalog",
  CONNECTION_STATUS: "connectionStatus",
} as const;

/** What this source promises beyond the protocol's schema: a message has its body and no other. */
const PROMISED = {
  required: ["type"],
  maxProperties: 2,
  oneOf: Object.entries(BODY).map(([type, body]) => ({
    required: [body],
    properties: { type: { const: type } },
  })),
  properties: {
    state: {
      required: ["type", "stream", "sourceStats"],
      properties: {
        type: { const: "STREAM" },
        stream: { required: ["stream_state"] },
        sourceStats: { required: ["recordCount"] },
      },
    },
    trace: {
      oneOf: [
        { required: ["error"], properties: { type: { const: "ERROR" } } },
        { required: ["estimate"], properties: { type: { const: "ESTIMATE" } } },
        { required: ["stream_status"], properties: { type: { const: "STREAM_STATUS" } } },
      ],
      properties: {
        error: { required: ["internal_message", "failure_type"], not: { required: ["stack_trace"] } },
      },
    },
  },
} as const;

// The protocol's schema as Airbyte publishes it: airbyte_protocol.yaml of github.com/airbytehq/airbyte-protocol.
const PROTOCOL = join(__dirname, "..", "src", "protocol", "airbyte_protocol.yaml");
const ajv = new Ajv({ strict: false });
addFormats(ajv);
ajv.addSchema(Object(load(readFileSync(PROTOCOL, "utf8"))), "protocol");
const check = ajv.compile({ allOf: [{ $ref: "protocol#/definitions/AirbyteMessage" }, PROMISED] });

/** How JSON writes half of a surrogate pair, which strict readers refuse. */
const HALF = /(?<!\\)(?:\\\\)*\\ud[89a-f]/i;

/**
 * A line of stdout as a message.
 * @throws Error if the protocol's schema does not have it, it is not of a form that a source writes, or it holds half of a
 * surrogate pair
 */
export function parseMessage(line: string): Message {
  if (HALF.test(line)) throw new Error(`half of a surrogate pair: ${line}`);
  const value: unknown = JSON.parse(line);
  if (!isMessage(value)) throw new Error(`${ajv.errorsText(check.errors)}: ${line}`);
  return value;
}

/** The messages of a run. @throws Error if anything else stands on stdout */
export function parseMessages({ lines, rest }: Pick<Run, "lines" | "rest">): readonly Message[] {
  if (rest !== "") throw new Error(`half a line: ${rest}`);
  return lines.map(parseMessage);
}

function isMessage(value: unknown): value is Message {
  return check(value);
}
