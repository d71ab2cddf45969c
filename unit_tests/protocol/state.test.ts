import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ConnectorError } from "../../src/errors.ts";
import { parseStates } from "../../src/protocol/state.ts";

function message(name: string, stream_state?: unknown): object {
  return { type: "STREAM", stream: { stream_descriptor: { name }, stream_state } };
}

const T = Date.UTC(2024, 1, 1);

/** What no platform writes. */
const WRONG: readonly unknown[] = [
  5,
  true,
  null,
  '"text"',
  [5],
  [null],
  ["text"],
  [[message("sessions", { timestamp: T })]],
  { sessions: { timestamp: T } },
  { timestamp: T },
  [{ type: "LEGACY", data: { sessions: { timestamp: T } } }],
  [{ type: "GLOBAL", global: { stream_states: [] } }],
  [{ type: "STREAM" }],
  [{ type: "STREAM", stream: {} }],
  [{ type: "STREAM", stream: { stream_descriptor: {} } }],
  [{ type: "STREAM", stream: { stream_descriptor: { name: 5 }, stream_state: {} } }],
  // What is kept of it could not be written again.
  [message("sessions", { timestamp: T, more: JSON.parse(`${"[".repeat(100)}${"]".repeat(100)}`) })],
];

describe("parseStates", () => {
  it.each(WRONG)("says to reset where it is given %j", (value) => {
    expect(() => parseStates(value)).toThrow(
      expect.objectContaining({ code: "state_invalid", message: expect.stringMatching(/reset/i) }),
    );
  });

  it.each([[[]], [{}], [[{}]]])("finds nothing in %j", (value) => {
    expect(parseStates(value)).toEqual(new Map());
  });

  it.each<[string, unknown]>([
    ["a list", [message("a", { timestamp: 1 }), message("b", null)]],
    [
      "whole messages, as destinations write them down",
      [
        { type: "STATE", state: message("a", { timestamp: 1 }) },
        { type: "STATE", state: message("b") },
      ],
    ],
  ])("finds each stream's state in %s", (_form, value) => {
    expect(parseStates(value)).toEqual(
      new Map([
        ["a", { timestamp: 1 }],
        ["b", undefined],
      ]),
    );
  });

  it("finds one message's", () => {
    expect(parseStates(message("a", { x: 1 }))).toEqual(new Map([["a", { x: 1 }]]));
  });

  it("takes the last of several of one stream", () => {
    expect(parseStates([message("a", { x: 1 }), message("a", { x: 2 })])).toEqual(new Map([["a", { x: 2 }]]));
  });

  const part = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>("STREAM", "LEGACY", "GLOBAL", "STATE", { name: "a" }, {}, [], null),
  );
  const stream = fc.record({ stream_descriptor: part, stream_state: part }, { requiredKeys: [] });
  const item = fc.record({ type: part, stream: fc.oneof(part, stream), state: part }, { requiredKeys: [] });

  it("gives states or a state_invalid that says to reset, whatever it is given", () => {
    fc.assert(
      fc.property(fc.oneof(part, item, fc.array(item)), (value) => {
        try {
          for (const [name, state] of parseStates(value)) {
            expect(typeof name).toBe("string");
            expect(["object", "undefined"]).toContain(typeof state);
          }
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          expect(error).toMatchObject({ code: "state_invalid", failureType: "config_error" });
          expect(error.message).toMatch(/reset/i);
        }
      }),
    );
  });
});
