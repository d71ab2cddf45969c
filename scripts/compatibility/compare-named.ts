import { type Change, type Fields, isFields } from "./change.ts";

/** How the parts of an object that have names (fields, columns, streams) are compared. */
interface Comparison {
  /** What a part is called: "field", "column". */
  readonly kind: string;
  /** Where the object stands, "" at the top. */
  readonly path: string;
  readonly compare: (before: Fields, after: Fields, path: string) => readonly Change[];
}

/** What has become of each part: one that is gone is a major change, one that is new a minor one. */
export function compareNamed(before: Fields, after: Fields, comparison: Comparison): readonly Change[] {
  const { kind, path, compare } = comparison;
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const old = Object.entries(before).flatMap(([name, part]): readonly Change[] => {
    const now = after[name];
    if (now === undefined) return [{ size: "major", what: `${kind} ${at(name)} is gone` }];
    return isFields(part) && isFields(now) ? compare(part, now, at(name)) : [];
  });
  const added = Object.keys(after).filter((name) => before[name] === undefined);
  return [...old, ...added.map((name): Change => ({ size: "minor", what: `${kind} ${at(name)} is new` }))];
}

/** Which texts of a set are not in another. */
export function without(some: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...some].filter((text) => !others.has(text));
}
