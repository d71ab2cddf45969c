import { BOUNDS, figure, gate } from "../bounds.ts";
import type { Mishap } from "../losses.ts";
import type { Measured } from "../measure.ts";
import { markdownTable } from "./document.ts";

/** Bounds and what was measured with each version of Node.js; what is not held is bold. */
export function boundsTable(all: readonly Measured[]): string {
  const rows = BOUNDS.map(({ what, unit, bound, of }) => {
    const figures = all.map((measured) => {
      const value = of(measured);
      if (value === undefined) return "";
      return value <= bound ? figure(value, unit) : `**${figure(value, unit)}**`;
    });
    return [what, figure(bound, unit), ...figures];
  });
  return markdownTable(["", "bound", ...all.map(({ version }) => `Node.js ${version}`)], rows);
}

/** The same for the short form: what the peers are not needed for, and where it fails. */
export function gatesTable(measured: Measured): string {
  const rows = BOUNDS.flatMap((entry) => {
    const { what, unit, bound } = entry;
    const value = entry.of(measured);
    if (value === undefined) return [];
    const verdict = value <= bound ? "" : value <= gate(entry) ? "above its bound" : "TOO MUCH";
    return [[what, ...[bound, gate(entry), value].map((number) => figure(number, unit)), verdict]];
  });
  return markdownTable(["", "bound", "fails above", "measured", ""], rows);
}

/** What reading a set costs each program, with each version of Node.js. */
export function programsTable(all: readonly Measured[], set: "fast" | "slow" | "many"): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const rows = all.flatMap((measured) =>
    [...measured[set]].map(([name, of]) => [
      name,
      measured.version,
      spread(of.map(({ wallMs }) => wallMs)).map(seconds),
      spread(of.map(({ cpuMs }) => cpuMs)).map(seconds),
      spread(of.map(({ peakMb }) => peakMb)).map((mb) => mb.toFixed(0)),
      spread(of.map(({ requests }) => requests)).map((count) => count.toLocaleString("en")),
    ]),
  );
  return markdownTable(
    ["", "Node.js", "wall clock", "CPU time", "peak memory, MB", "requests"],
    rows.map((row) => row.map((figure) => (typeof figure === "string" ? figure : range(figure)))),
  );
}

/** Cold starts, ms. */
export function startsTable(all: readonly Measured[]): string {
  const rows = all.flatMap(({ version, starts }) =>
    [...starts].map(([name, runs]) => {
      const walls = runs.map(({ wallMs }) => wallMs);
      return [name, version, range(spread(walls).map((ms) => ms.toFixed(0)))];
    }),
  );
  return markdownTable(["", "Node.js", "wall clock, ms"], rows);
}

/** What is lost where something goes wrong. */
export function lossTable(mishaps: readonly Mishap[]): string {
  const names = mishaps[0]?.losses.map(({ program }) => program) ?? [];
  const rows = mishaps.map(({ what, losses }) => [
    what,
    ...losses.map(({ lost, success }) => {
      if (lost === 0) return success ? "0" : "0, failed";
      const count = lost.toLocaleString("en");
      return success ? `**${count}**, reported success` : `${count}, failed`;
    }),
  ]);
  return markdownTable(["", ...names], rows);
}

/** Median, least and most. */
function spread(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return [middle, sorted[0] ?? middle, sorted.at(-1) ?? middle];
}

function range([middle = "", least = middle, most = middle]: readonly string[]): string {
  return least === most ? middle : `${middle} (${least} to ${most})`;
}
