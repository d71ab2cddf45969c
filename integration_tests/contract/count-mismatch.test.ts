import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, readFrom } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { FakeApiOptions } from "../fake-api/options.ts";

const GENERATED = { count: 450, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 31) };

const start = apiStarter({ generated: GENERATED });

async function read(options: FakeApiOptions, config: object): Promise<ConnectorRun> {
  return readFrom(await start(options), { config });
}

function warnings({ messages }: ConnectorRun): readonly string[] {
  return messages.flatMap((message) =>
    message.type === "LOG" && message.log.level === "WARN" ? message.log.message : [],
  );
}

/** Names a span of time and two numbers. */
const SPAN_AND_NUMBERS = /counts \d+ .*\d{4}-\d\d-\d\dT[\d:]+Z to \d{4}-\d\d-\d\dT[\d:]+Z.* gives \d+/;

describe.each(["more", "less"] as const)(
  "configuration: accept_count_mismatch, total says one %s",
  (total) => {
    it("without it: contract_broken, which names the span, both numbers and the field", async () => {
      const run = await read({ total }, {});
      expect(run.errors).toMatchObject([{ failure_type: "system_error" }]);
      expect(run.errors[0]?.internal_message).toMatch(/^contract_broken/);
      expect(run.errors[0]?.message).toMatch(SPAN_AND_NUMBERS);
      expect(run.errors[0]?.message).toContain("accept_count_mismatch");
      expect(run.code).toBe(1);
    });

    it("with it: all is read, with a WARN that names the span and both numbers", async () => {
      const run = await read({ total }, { accept_count_mismatch: true });
      expect(run.errors).toEqual([]);
      expect(run.code).toBe(0);
      expect(new Set(run.records.map(({ data }) => data["sessionKey"])).size).toBe(GENERATED.count);
      expect(run.records).toHaveLength(GENERATED.count);
      expect(warnings(run).length).toBeGreaterThan(0);
      expect(warnings(run)[0]).toMatch(SPAN_AND_NUMBERS);
    });
  },
);

describe("configuration: accept_count_mismatch where counts fit", () => {
  it("changes nothing", async () => {
    const run = await read({}, { accept_count_mismatch: true });
    expect(run.records).toHaveLength(GENERATED.count);
    expect(warnings(run)).toEqual([]);
  });

  it("does not accept a total that is none", async () => {
    const run = await read({ total: "absent" }, { accept_count_mismatch: true });
    expect(run.errors).toMatchObject([{ failure_type: "system_error" }]);
    expect(run.records).toEqual([]);
  });
});
