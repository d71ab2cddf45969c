import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { platformRun } from "../../src/cli/platform-arguments.ts";

describe("a command line of the platform", () => {
  it.each([
    ["spec"],
    ["check --config /a.json"],
    ["discover --config relative"],
    ["read --config /a --catalog /b"],
    ["read --config /a --catalog /b --state /c"],
    ["read --state /c --catalog /b --config /a"],
  ])("is recognised: %s", (line) => {
    expect(platformRun(line.split(" "))).toBeInstanceOf(Function);
  });

  it.each([
    [""],
    ["--help"],
    ["spec --help"],
    ["spec --config /a"],
    ["check"],
    ["check --config"],
    ["check --config=/a"],
    ["check --config /a --config /b"],
    ["check --config /a extra"],
    ["check --config /a --state /c"],
    ["check --config --config"],
    ["check --config -a"],
    ["check /a --config"],
    ["read --config /a"],
    ["read --catalog /b --state /c"],
    ["read --config /a --catalog"],
    ["read --config /a --catalog /b --state"],
    ["read --config /a --catalog /b --unknown /c"],
    ["export --to a.csv"],
    ["constructor"],
    ["toString --config /a"],
  ])("is left to the parser for people: %s", (line) => {
    expect(platformRun(line.split(" "))).toBeUndefined();
  });

  it("is never taken for another, and never throws", () => {
    const word = fc.constantFrom(
      "spec",
      "read",
      "--config",
      "--catalog",
      "--state",
      "a",
      "",
      "-",
      "--",
      "--help",
    );
    fc.assert(
      fc.property(fc.array(word), (args) => {
        const counted = (name: string) => args.filter((arg) => arg === name).length;
        const run = platformRun(args);
        if (run === undefined) return;
        expect(["spec", "read"]).toContain(args[0]);
        expect(counted("--config")).toBe(args[0] === "read" ? 1 : 0);
        expect(counted("--help") + counted("") + counted("--")).toBe(0);
      }),
    );
  });
});
