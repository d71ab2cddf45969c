import { versions } from "node:process";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Both halves of the young space. From here on more room saves no time, and V8 would take 33 MB (docs/adr/0013). */
const YOUNG_BYTES = 8_000_000;

/**
 * Has V8 compile to the last only what runs for each row, in a process that lives for seconds: optimising what runs for
 * each page costs more than it saves. V8 12 and later count in another way, which leaves it alone by itself.
 */
export function optimiseRowsOnly(): void {
  if (Number.parseInt(versions.v8, 10) < 12) setFlagsFromString("--interrupt-budget=300000");
}

/** @returns a function to call now and then, which keeps the young space from growing once it is large enough */
export function createYoungSpaceLimit(): () => void {
  let limited = false;
  return () => {
    if (limited || youngBytes() < YOUNG_BYTES) return;
    limited = true;
    setFlagsFromString("--semi-space-growth-factor=1");
  };
}

function youngBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  return space?.space_size ?? 0;
}
