import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const ROOT = join(__dirname, "..");
const PAGE = read("docs/errors.md");

/** They are told in another place: help. */
const OTHERS =
  /^(Keys: BROWSEE_API_KEY|Brings (the )?sessions|Counts the sessions|Exit code: 0 if|… See ….$)/;

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** What a pattern's first group matches. */
function found(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "").sort();
}

/** Texts in the sources that are sentences for a person, with … for what differs. */
function sentences(): readonly string[] {
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !file.startsWith("generated"))
    .flatMap((file) => textsIn(withoutComments(read(join("src", file)))))
    .map((text) =>
      text
        .replaceAll(/\$\{[^}]*\}/g, "…")
        .replace(/(\\n)+$/, "")
        .trim(),
    )
    .filter((text) => /^\S+ .*([.]$|[.] [A-Z])/.test(text) && !OTHERS.test(text));
}

function textsIn(source: string): readonly string[] {
  const LITERAL = /"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;
  return [...source.matchAll(LITERAL)].map((match) => match[1] ?? match[2] ?? "");
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
}

describe("docs/errors.md", () => {
  it("has a section for each error code, and for no other", () => {
    const union = found(read("src/errors.ts"), /export type ErrorCode =([^;]+);/g).join("");
    const codes = found(union, /"(\w+)"/g);
    expect(codes.length).toBeGreaterThan(10);
    expect(found(PAGE, /^### `(\w+)`$/gm)).toEqual(codes);
  });

  it("has each message that the program can give: its first sentence", () => {
    const messages = sentences();
    expect(messages.length).toBeGreaterThan(50);
    const missing = messages.filter((text) => !PAGE.includes(text.split(/[.;] (?=[A-Za-z])/)[0] ?? text));
    expect(missing).toEqual([]);
  });
});
