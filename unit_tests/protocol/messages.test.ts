import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseMessage } from "../../integration_tests/parse-messages.ts";
import { configError } from "../../src/errors.ts";
import { errorLine, logLine, recordLines } from "../../src/protocol/messages.ts";

const NOW = 1_706_745_600_000;
const name = fc.string({ unit: "binary" });
const object = fc.dictionary(name, fc.jsonValue());

/** What a line says, if it is a line: no line break in it, and a message of the protocol. */
function read(line: string): unknown {
  expect(line).not.toMatch(/[\n\r]/);
  return parseMessage(line);
}

describe("lines of stdout", () => {
  it("RECORD: any stream and data, and what was set to null", () => {
    fc.assert(
      fc.property(name, object, fc.array(name), (stream, data, nulled) => {
        const json = JSON.stringify(data);
        const changes = nulled.map((field) => ({
          field,
          change: "NULLED",
          reason: "SOURCE_SERIALIZATION_ERROR",
        }));
        const meta = nulled.length === 0 ? {} : { meta: { changes } };
        const record = { stream, emitted_at: NOW, data: JSON.parse(json), ...meta };
        expect(read(recordLines(stream, NOW)(json, nulled))).toEqual({ type: "RECORD", record });
      }),
    );
  });

  it("LOG: any text", () => {
    fc.assert(
      fc.property(name, (message) => {
        expect(read(logLine("WARN", message))).toEqual({ type: "LOG", log: { level: "WARN", message } });
      }),
    );
  });

  it("TRACE ERROR: without secrets", () => {
    const error = configError("usage", "m?", "i?");
    const redact = (text: string) => text.replace("?", "");
    expect(read(errorLine(error, redact, NOW, "s"))).toMatchObject({
      trace: {
        error: {
          message: "m",
          internal_message: "usage: i",
          failure_type: "config_error",
          stream_descriptor: { name: "s" },
        },
      },
    });
    expect(errorLine(error, redact, NOW)).not.toContain("stream_descriptor");
  });
});
