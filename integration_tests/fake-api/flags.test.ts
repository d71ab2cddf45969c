import { describe, expect, it } from "@jest/globals";
import { parseFlags } from "./flags.ts";

const FROM = Date.parse("2024-03-01T00:00:00Z");
const TO = Date.parse("2024-03-02T00:00:00Z");

describe("the command line", () => {
  it("has defaults, and takes several rules of drift", () => {
    expect(parseFlags([], TO)).toMatchObject({
      count: 20_000,
      to: TO,
      from: TO - 30 * 86_400_000,
      gzip: true,
      drift: [],
    });
    const flags = parseFlags(
      [
        "--port=0",
        "--from",
        "2024-03-01T00:00:00Z",
        "--to",
        String(TO),
        "--no-gzip",
        "--drift",
        "every=7,insert=1",
        "--drift=every=2,where=head",
      ],
      0,
    );
    expect(flags).toMatchObject({ port: 0, from: FROM, to: TO, gzip: false });
    expect(flags.drift).toMatchObject([
      { every: 7, insert: 1, remove: 0, where: "anywhere" },
      { every: 2, where: "head" },
    ]);
  });

  it.each([
    "--port=x",
    "--order=sideways",
    "--drift=insert=1",
    "--drift=every=1,where=up",
    "--drift=each=1",
    "--days=0",
    "--from=now",
    "--colour",
  ])("does not take %s", (flag) => {
    expect(() => parseFlags([flag], TO)).toThrow();
  });
});
