import type { Spec } from "vega";
import { runsOf } from "../measure/reads.ts";
import { median } from "../measure/statistics.ts";
import type { Reading } from "../results.ts";
import { drawn, FONT } from "./draw.ts";

const COLOURS = ["#9aa5b1", "#2f6fde", "#e08a3c", "#b4506e"];

interface Bar {
  readonly program: string;
  readonly measure: string;
  readonly seconds: number;
  readonly label: string;
}

function barsOf({ runs }: Reading): readonly Bar[] {
  const measures = [
    ["wall clock", "wallMs"],
    ["CPU time", "cpuMs"],
  ] as const;
  return measures.flatMap(([measure, field]) =>
    [...runs.keys()].map((program) => {
      const seconds = median(runsOf(runs, program).map((run) => run[field])) / 1000;
      return { program, measure, seconds, label: `${seconds.toFixed(1)} s` };
    }),
  );
}

/** A chart of what reading a set costs each program, as SVG. */
export function costChart(reading: Reading): Promise<string> {
  const programs = [...reading.runs.keys()];
  const spec: Spec = {
    width: 560,
    height: 220,
    padding: 12,
    background: "#ffffff",
    title: {
      text: `Reading ${reading.plan.sessions.toLocaleString("en")} sessions, no latency (less is better)`,
      font: FONT,
      anchor: "start",
    },
    data: [{ name: "bars", values: [...barsOf(reading)] }],
    scales: [
      { name: "y", type: "band", domain: ["wall clock", "CPU time"], range: "height", padding: 0.15 },
      { name: "x", type: "linear", domain: { data: "bars", field: "seconds" }, range: "width", nice: true },
      { name: "colour", type: "ordinal", domain: programs, range: COLOURS },
    ],
    axes: [
      { orient: "left", scale: "y", tickSize: 0, labelPadding: 6, domain: false, labelFont: FONT },
      { orient: "bottom", scale: "x", title: "seconds", grid: true, labelFont: FONT, titleFont: FONT },
    ],
    legends: [{ fill: "colour", orient: "bottom", direction: "horizontal", labelFont: FONT, labelLimit: 0 }],
    marks: [groupedBars(programs)],
  };
  return drawn(spec);
}

/** The bars of each measure below one another, each with its value behind it. */
function groupedBars(programs: readonly string[]): NonNullable<Spec["marks"]>[number] {
  return {
    type: "group",
    from: { facet: { data: "bars", name: "measure", groupby: "measure" } },
    encode: { enter: { y: { scale: "y", field: "measure" } } },
    signals: [{ name: "height", update: "bandwidth('y')" }],
    scales: [{ name: "program", type: "band", domain: [...programs], range: "height", padding: 0.08 }],
    marks: [
      {
        name: "shapes",
        type: "rect",
        from: { data: "measure" },
        encode: {
          enter: {
            y: { scale: "program", field: "program" },
            height: { scale: "program", band: 1 },
            x: { scale: "x", value: 0 },
            x2: { scale: "x", field: "seconds" },
            fill: { scale: "colour", field: "program" },
          },
        },
      },
      {
        type: "text",
        from: { data: "shapes" },
        encode: {
          enter: {
            x: { field: "x2", offset: 4 },
            y: { field: "y", offset: { field: "height", mult: 0.5 } },
            baseline: { value: "middle" },
            font: { value: FONT },
            fontSize: { value: 10 },
            text: { field: "datum.label" },
          },
        },
      },
    ],
  };
}
