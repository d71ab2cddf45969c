import type { Spec } from "vega";
import { runsOf } from "../measure/reads.ts";
import { median } from "../measure/statistics.ts";
import type { ProgramName } from "../programs/program.ts";
import type { Reading } from "../results.ts";
import { drawn, FONT } from "./draw.ts";

const COLOURS = ["#2f6fde", "#e08a3c", "#b4506e", "#3c9a6d"];
const SHOWN: readonly ProgramName[] = ["bare fetch", "source-browsee"];

interface Point {
  readonly series: string;
  readonly program: ProgramName;
  readonly latency: string;
  readonly sessions: number;
  readonly seconds: number;
}

function pointsOf(readings: readonly Reading[]): readonly Point[] {
  const points = readings.flatMap(({ plan, runs }) =>
    SHOWN.map((program) => ({
      series: `${program}, ${plan.latencyMs}`,
      program,
      latency: `${plan.latencyMs} ms latency`,
      sessions: plan.sessions,
      seconds: median(runsOf(runs, program).map(({ wallMs }) => wallMs)) / 1000,
    })),
  );
  return points.sort((a, b) => a.sessions - b.sessions);
}

/** A chart of how wall clock grows with the number of sessions at each latency, as SVG. */
export function growthChart(readings: readonly Reading[]): Promise<string> {
  const latencies = [...new Set(readings.map(({ plan }) => plan.latencyMs))].sort((a, b) => a - b);
  const axis = { labelFont: FONT, titleFont: FONT, grid: true, gridOpacity: 0.4 };
  const spec: Spec = {
    width: 560,
    height: 300,
    padding: 12,
    background: "#ffffff",
    title: {
      text: "Wall clock of source-browsee, and of a bare fetch (dashed)",
      font: FONT,
      anchor: "start",
    },
    data: [{ name: "points", values: [...pointsOf(readings)] }],
    scales: [
      { name: "x", type: "log", domain: { data: "points", field: "sessions" }, range: "width" },
      { name: "y", type: "log", domain: { data: "points", field: "seconds" }, range: "height", nice: true },
      {
        name: "colour",
        type: "ordinal",
        domain: latencies.map((latency) => `${latency} ms latency`),
        range: COLOURS,
      },
    ],
    axes: [
      { ...axis, orient: "bottom", scale: "x", title: "sessions", format: "~s", tickCount: 4 },
      { ...axis, orient: "left", scale: "y", title: "seconds", format: "~g", tickCount: 5 },
    ],
    legends: [
      { stroke: "colour", symbolType: "stroke", orient: "bottom", direction: "horizontal", labelFont: FONT },
    ],
    marks: [lines()],
  };
  return drawn(spec);
}

function lines(): NonNullable<Spec["marks"]>[number] {
  const place = { x: { scale: "x", field: "sessions" }, y: { scale: "y", field: "seconds" } };
  const ours = "datum.program === 'source-browsee'";
  return {
    type: "group",
    from: { facet: { data: "points", name: "line", groupby: "series" } },
    marks: [
      {
        type: "line",
        from: { data: "line" },
        encode: {
          enter: {
            ...place,
            stroke: { scale: "colour", field: "latency" },
            strokeWidth: { value: 2 },
            strokeDash: { signal: `${ours} ? [1, 0] : [4, 3]` },
          },
        },
      },
      {
        type: "symbol",
        from: { data: "line" },
        encode: {
          enter: {
            ...place,
            fill: { scale: "colour", field: "latency" },
            size: { signal: `${ours} ? 30 : 0` },
          },
        },
      },
    ],
  };
}
