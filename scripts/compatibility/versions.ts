import type { Change, Size } from "./change.ts";

const SIZES: readonly Size[] = ["patch", "minor", "major"];

/**
 * The changes that are too large for the step from one version to another.
 * @param before,after versions like "1.2.3" or "1.2.3-rc.1"; the same one twice allows no change
 * @throws Error where a version is none
 */
export function tooLarge(changes: readonly Change[], before: string, after: string): readonly Change[] {
  const allowed = step(before, after);
  return changes.filter(({ size }) => allowed === undefined || SIZES.indexOf(size) > SIZES.indexOf(allowed));
}

/** How large the step is; undefined where it is none, or one back. */
function step(before: string, after: string): Size | undefined {
  const [old, now] = [numbersOf(before), numbersOf(after)];
  const at = old.findIndex((number, index) => number !== now[index]);
  return Number(now[at]) > Number(old[at]) ? SIZES[2 - at] : undefined;
}

function numbersOf(version: string): readonly number[] {
  const found = /^(\d+)\.(\d+)\.(\d+)(?:-[0-9A-Za-z.-]+)?$/.exec(version);
  if (found === null) throw new Error(`${version} is no version`);
  return found.slice(1).map(Number);
}
