import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createRedact, createSecrets } from "../src/redact.ts";

const API_KEY = "demo-api-key-0123456789";
const SECRET_KEY = 'S3cret/k+y=="<&日本>\\ x';
const redact = createRedact([API_KEY, SECRET_KEY]);

/** How a text may be written down by whoever echoes it. */
const FORMS: readonly [string, (text: string) => string][] = [
  ["as it is", (text) => text],
  ["in capitals", (text) => text.toUpperCase()],
  ["as JSON", (text) => JSON.stringify(text).slice(1, -1)],
  ["as JSON with slashes escaped", (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/")],
  ["as a part of a URL", encodeURIComponent],
  ["as a URL", encodeURI],
  ["as a form field", (text) => new URLSearchParams({ text }).toString().slice(5)],
  ["as a part of a URL in small letters", (text) => encodeURIComponent(text).toLowerCase()],
  ["as HTML", (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")],
  ["as a URL, each byte", (text) => Buffer.from(text).toString("hex").replaceAll(/../g, "%$&")],
  [
    "as JSON, each unit",
    (text) => text.replaceAll(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  ],
  ["as HTML, each character", (text) => [...text].map((letter) => `&#${letter.codePointAt(0)};`).join("")],
  [
    "as HTML, each character in hexadecimal",
    (text) => [...text].map((letter) => `&#x${letter.codePointAt(0)?.toString(16)};`).join(""),
  ],
  ["in hexadecimal", (text) => Buffer.from(text).toString("hex")],
  ["in base64", (text) => Buffer.from(text).toString("base64")],
  ["in base64 for URLs", (text) => Buffer.from(text).toString("base64url")],
];

/** Whether six characters in a row of a secret, in any form, stand in a text. */
function shows(text: string, secret: string): boolean {
  return FORMS.some(([, write]) => {
    const form = write(secret);
    return [...Array(Math.max(0, form.length - 5)).keys()].some((at) =>
      text.includes(form.slice(at, at + 6)),
    );
  });
}

describe("secrets in a text", () => {
  it.each(FORMS)("are masked %s", (_how, write) => {
    for (const secret of [API_KEY, SECRET_KEY]) {
      const masked = redact(`before ${write(secret)} behind`);
      expect(masked).toMatch(/^before \*{6}/);
      expect(masked).toMatch(/\*{6}[^*]{0,3} behind$/);
      expect(shows(masked, secret)).toBe(false);
    }
  });

  it("are masked in parts of six characters and more", () => {
    fc.assert(
      fc.property(fc.nat(API_KEY.length - 6), fc.integer({ min: 6, max: 30 }), (start, length) => {
        const part = API_KEY.slice(start, start + length);
        expect(redact(`(${part})`)).toBe("(******)");
      }),
    );
    expect(redact("demo key 01234")).toBe("demo key 01234");
  });

  it("of letters only are parts from eight on: a key may hold words that messages hold too", () => {
    const word = createRedact(["my-secret-key-overlong"]);
    expect(word("Check secret_key, my secret is overlon")).toBe("Check secret_key, my secret is overlon");
    expect(word("my-secret, secret-k, overlong")).toBe("******, ******, ******");
    expect(createRedact(["secret"])("Check secret_key")).toBe("Check ******_key");
  });

  it("are masked inside base64 of a longer text, at any position", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, behind) => {
        const text = Buffer.from(`${before}${API_KEY}${behind}`).toString("base64");
        const bare = Buffer.from(API_KEY).toString("base64").slice(2, 8);
        const masked = redact(text);
        expect(masked).toContain("******");
        expect(masked).not.toContain(bare);
      }),
    );
  });

  it("are masked whatever they are, and nothing of them is left in the open", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 4 }).filter((secret) => [...secret].length > 3),
        fc.string(),
        fc.string(),
        (secret, before, behind) => {
          fc.pre(!secret.includes("*"));
          const masked = createRedact([secret])(`${before}${secret}${behind}`);
          expect(masked.includes(secret)).toBe(false);
        },
      ),
    );
  });

  it("of four characters and five are masked where they stand whole", () => {
    expect(createRedact(["x1y2"])("x1y2 X1Y2 x1y ax1y2b")).toBe("****** ****** x1y a******b");
  });

  it("of one character to three are masked where they are a word or a value, not inside other words", () => {
    expect(createRedact(["x1"])('x1 X1 x 1 ax1b "x1" k=x1&x1=2 (x1), x1_y')).toBe(
      '****** ****** x 1 ax1b "******" k=******&******=2 (******), x1_y',
    );
    const single = createRedact(["a", "t", "é"]);
    expect(single("It can't be reached; key: t, key='t'")).toBe(
      "It can't be reached; key: ******, key='******'",
    );
    expect(single("née é %C3%A9 caf%C3%A9s")).toBe("née ****** ****** caf%C3%A9s");
    expect(createRedact(["日本"])("日本 日本語 「日本」")).toBe("****** 日本語 「******」");
  });

  it("that are empty or absent mask nothing", () => {
    expect(createRedact([""])("text")).toBe("text");
    expect(createRedact([])("text")).toBe("text");
  });

  it("leave every other text as it is, also where small letters are longer than capitals", () => {
    expect(redact("İstanbul İ ẞ ſ 12 %2F =")).toBe("İstanbul İ ẞ ſ 12 %2F =");
    expect(redact(`İ${API_KEY}İ`)).toBe("İ******İ");
  });

  it("that become known later are masked from then on", () => {
    const secrets = createSecrets();
    const { redact: later } = secrets;
    expect(later("abcdefgh")).toBe("abcdefgh");
    secrets.hide(["abcdefgh"]);
    secrets.hide(["12345678"]);
    expect(later("abcdefgh 12345678")).toBe("****** ******");
  });
});
