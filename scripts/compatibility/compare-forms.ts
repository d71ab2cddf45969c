/** Compares two versions of a configuration's JSON Schema: whatever was accepted must be accepted, and mean the same. */
import { type Change, type Fields, fieldsOf, isFields, isSame, textsOf } from "./change.ts";
import { compareNamed, without } from "./compare-named.ts";

type Compare = (before: Fields, after: Fields, keyword: string) => readonly Change[];

const major = (what: string): readonly Change[] => [{ size: "major", what }];
const minor = (what: string): readonly Change[] => [{ size: "minor", what }];

/** They only tell people something. */
const TOLD = [
  "$schema",
  "title",
  "description",
  "examples",
  "order",
  "group",
  "pattern_descriptor",
  "always_show",
  "multiline",
  "airbyte_hidden",
  "display_type",
];

const KEYWORDS: Readonly<Record<string, Compare>> = {
  ...Object.fromEntries(TOLD.map((keyword) => [keyword, told])),
  type: compareTypes,
  required: compareRequired,
  enum: compareEnums,
  // A secret is stored apart: what was saved would not be found, or would be found in plain text.
  airbyte_secret: (_before, _after, keyword) => major(`another ${keyword}`),
  default: (_before, _after, keyword) => minor(`another ${keyword}`),
  pattern: comparePatterns,
  additionalProperties: (_before, after) =>
    after["additionalProperties"] === false
      ? major("unknown fields are refused")
      : minor("unknown fields are accepted"),
  ...bounds(["minimum", "exclusiveMinimum", "minLength", "minItems"], (before, after) => after > before),
  ...bounds(["maximum", "exclusiveMaximum", "maxLength", "maxItems"], (before, after) => after < before),
};

/**
 * What has changed from one version of a configuration's schema to the next.
 * @param path of the field that the schema is of, "" for the whole configuration
 */
export function compareForms(before: Fields, after: Fields, path = ""): readonly Change[] {
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)]);
  const here = [...keywords]
    .filter((keyword) => !["properties", "items"].includes(keyword))
    .filter((keyword) => !isSame(before[keyword], after[keyword]))
    .flatMap((keyword) => (KEYWORDS[keyword] ?? compareUnknown)(before, after, keyword))
    .map(({ size, what }): Change => ({ size, what: `${path === "" ? "configuration" : path}: ${what}` }));
  const [oldFields, newFields] = [fieldsOf(before, "properties"), fieldsOf(after, "properties")];
  const fields = compareNamed(oldFields, newFields, { kind: "field", path, compare: compareForms });
  return [...here, ...fields, ...compareItems(before, after, path)];
}

function compareItems(before: Fields, after: Fields, path: string): readonly Change[] {
  const [old, now] = [before["items"], after["items"]];
  if (isSame(old, now)) return [];
  if (isFields(old) && isFields(now)) return compareForms(old, now, `${path}[]`);
  return old === undefined
    ? major(`${path}: elements are restricted`)
    : minor(`${path}: elements may be anything`);
}

function told(_before: Fields, _after: Fields, keyword: string): readonly Change[] {
  return [{ size: "patch", what: `another ${keyword}` }];
}

/** What restricts, in a way that is not known here, may accept less than before. */
function compareUnknown(_before: Fields, after: Fields, keyword: string): readonly Change[] {
  return after[keyword] === undefined ? minor(`no ${keyword} any more`) : major(`another ${keyword}`);
}

/** What an added alternative takes, it takes besides; of groups that is not known. */
function comparePatterns(before: Fields, after: Fields): readonly Change[] {
  const [old, now] = [String(before["pattern"]), String(after["pattern"] ?? "")];
  if (after["pattern"] === undefined) return minor("no pattern any more");
  const isWider = !now.includes("(") && old.split("|").every((part) => now.split("|").includes(part));
  return isWider ? minor("a wider pattern") : major("another pattern");
}

function compareTypes(before: Fields, after: Fields): readonly Change[] {
  const [old, now] = [textsOf(before, "type"), textsOf(after, "type")];
  const refused = without(old, now).filter((type) => type !== "integer" || !now.has("number"));
  if (old.size === 0 || refused.length > 0) return major(`type ${[...old]} is now ${[...now]}`);
  return minor(`type ${[...old]} may be ${[...now]}`);
}

function compareRequired(before: Fields, after: Fields): readonly Change[] {
  const [old, now] = [textsOf(before, "required"), textsOf(after, "required")];
  return [
    ...without(now, old).flatMap((name) => major(`${name} is required`)),
    ...without(old, now).flatMap((name) => minor(`${name} is no longer required`)),
  ];
}

function compareEnums(before: Fields, after: Fields): readonly Change[] {
  if (after["enum"] === undefined) return minor("any value is accepted");
  const [old, now] = [textsOf(before, "enum"), textsOf(after, "enum")];
  if (old.size === 0) return major(`only ${[...now]} are accepted`);
  return [
    ...without(old, now).flatMap((value) => major(`${value} is refused`)),
    ...without(now, old).flatMap((value) => minor(`${value} is accepted`)),
  ];
}

/** @param isTighter whether a bound lets less pass than the one before */
function bounds(keywords: readonly string[], isTighter: (before: number, after: number) => boolean) {
  const compare: Compare = (before, after, keyword) => {
    const [old, now] = [before[keyword], after[keyword]];
    if (now === undefined) return minor(`no ${keyword} any more`);
    const tighter = old === undefined || isTighter(Number(old), Number(now));
    return (tighter ? major : minor)(`${keyword} is ${now}`);
  };
  return Object.fromEntries(keywords.map((keyword) => [keyword, compare]));
}
