/** Exports that end early, by a signal, an API that goes on failing or a full disk, and two at once: the next goes on. */
import { describe, expect, it } from "@jest/globals";
import type { Session } from "../fake-api/session.ts";
import type { Running } from "../program.ts";
import { atWork, FORMS, jsonOf, recent, smallFiles, storeOf, type Workplace } from "./workplace.ts";

const COUNT = 3000;
/** Requests from one on at which a part of the sessions is read. */
const FROM_THERE = [...Array(5000).keys()].map((at) => at + 20);
const HASTY = { request_timeout_seconds: 5, retry_deadline_seconds: 2 };
const STOPPED =
  /^Stopped; [\d,]+ records of this run are saved\. Run the same command again, and it goes on from there\.\n$/;

/** A stand-in with a place to work, and an export that gets a signal at a request, before the answer. */
function cutOff(
  signal: NodeJS.Signals,
  request: number,
  work: (place: Workplace, begin: Workplace["start"]) => Promise<void>,
): Promise<void> {
  let hook = (_request: number): void => undefined;
  return atWork({ generated: recent(COUNT), onRequest: (number) => hook(number) }, (place) =>
    work(place, async (to, choice) => {
      const first = place.api.stats.requests;
      const running = await place.start(to, choice);
      await new Promise<void>((resolve) => {
        hook = (number) => {
          if (number < first + request) return;
          hook = () => undefined;
          running.child.kill(signal);
          resolve();
        };
      });
      return running;
    }),
  );
}

/** Expects a part of the sessions to be saved, and the next export to bring the rest. */
async function expectGoesOn({ rows, summary, whole }: Workplace, file: string): Promise<void> {
  const held = (await rows(storeOf(file))).length;
  expect(held).toBeGreaterThan(COUNT / 4);
  expect(await summary(file)).toMatchObject([{ new: COUNT - held, changed: 0, sessions: COUNT }]);
  await whole(file);
}

it.each([
  ["SIGINT", 130, "a.duckdb"],
  ["SIGTERM", 143, "a.csv"],
] as const)("A signal %s ends with %d, and what was read into %s by then is saved", (signal, code, file) =>
  cutOff(signal, 20, async (place, begin) => {
    const run = await (await begin(file)).ended;
    expect(run).toMatchObject({ code, signal: null, stderr: expect.stringMatching(STOPPED) });
    await expectGoesOn(place, file);
  }),
);

it("What --json prints has the stream that a signal stopped, without those behind", () =>
  cutOff("SIGTERM", 10, async (_place, begin) => {
    const args = ["--quiet", "--json", "--segment", "mobile-visitors"];
    const { code, stderr, lines } = await (await begin("a.csv", { args })).ended;
    expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
    const streams = [{ stream: "sessions", status: "stopped", error: null }];
    expect(jsonOf(lines)).toMatchObject({ status: "stopped", streams });
  }));

it("A pipe that is stopped, whose reader goes away, or into a full device ends in its own way", () =>
  cutOff("SIGTERM", 10, async ({ start, fails }, begin) => {
    const stopped = await (await begin("-")).ended;
    expect(stopped).toMatchObject({ code: 143, rest: "", stderr: "Stopped.\n" });
    expect(stopped.lines.length).toBeGreaterThan(0);
    const onLine = (_line: string, running: Running) => void running.child.stdout.destroy();
    const { code, stderr } = await (await start("-", { options: { onLine } })).ended;
    expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
    const through = ["sh", "-c", 'exec "$@" >/dev/full', "sh"];
    await fails("-", "stdout can't be written", { options: { through } });
  }));

it.each([
  ["errors", "a.duckdb", { kind: "status", status: 503, words: "down" }],
  ["silences", "a.csv", { kind: "hang" }],
  ["cut answers", "a.duckdb", { kind: "truncate" }],
  ["nonsenses", "a.csv", { kind: "no-exports" }],
] as const)(
  "Lasting %s are told, what was read into %s is kept, and the next run goes on there",
  (_, file, fault) =>
    atWork(
      { generated: recent(COUNT), faults: [{ when: { requests: FROM_THERE }, what: fault }] },
      async (place) => {
        // Waits may be told before.
        await place.fails(file, /(^|\n)Browsee[^\n]*\n$/, { config: HASTY });
        place.api.handle.setFaults([]);
        await expectGoesOn(place, file);
      },
    ),
);

it.each([
  ["a.duckdb", [], "this one goes on with it."],
  ["a.csv", ["--full"], "this one starts over. Without --full it would go on."],
])("--full cut off leaves what %s had; the next with %j says what it does", (file, args, words) =>
  cutOff("SIGTERM", 20, async ({ done, whole }, begin) => {
    await done(file);
    const cut = await (await begin(file, { args: ["--full"] })).ended;
    expect(cut.code).toBe(143);
    expect(cut.stderr).toContain(". Run the command again without --full, and it goes on from there.\n");
    await whole(file);
    expect((await done(file, { args })).stderr).toContain(`The last --full export was cut off; ${words}\n`);
    await whole(file);
  }),
);

it.each([
  ["killed", "a.csv"],
  ["refused", "a.duckdb"],
])("--full that is %s at its first request is gone on with, in each stream of %s", (how, file) =>
  cutOff("SIGKILL", 1, async ({ api, done, fails, summary }, begin) => {
    const args = ["--segment", "mobile-visitors"];
    const full = { args: [...args, "--full"] };
    await done(file, { args });
    const isOne = ({ isMobile, pageCount }: Session) => isMobile === true && pageCount === 3;
    const gone = api.handle.remove({ where: isOne }).length;
    if (how === "killed") expect((await (await begin(file, full)).ended).signal).toBe("SIGKILL");
    else {
      api.handle.setFaults([{ when: { every: 1 }, what: { kind: "status", status: 503 } }]);
      await fails(file, "Browsee", { ...full, config: { retry_deadline_seconds: 0 } });
      api.handle.setFaults([]);
    }
    const { stderr } = await done(file, { args });
    expect(
      stderr.match(/The last --full export was cut off; this one goes on with it\.\n/g) ?? [],
    ).toHaveLength(2);
    expect(stderr.match(/: (\d+) gone, /g)).toEqual([`: ${gone} gone, `, `: ${gone} gone, `]);
    expect(await summary(file, { args })).toMatchObject([{ gone: 0, sessions: COUNT - gone }, { gone: 0 }]);
  }),
);

it("A --full that is cut off is not gone on with by an export of other columns, which leaves what the rest hold", () =>
  cutOff("SIGKILL", 1, async ({ done, whole }, begin) => {
    await done("a.duckdb");
    await (await begin("a.duckdb", { args: ["--full"] })).ended;
    const { stderr } = await done("a.duckdb", { args: ["--select", "city"] });
    expect(stderr).toContain(
      "The last --full export was cut off, and had other columns; this one starts over.\n",
    );
    await whole("a.duckdb");
  }));

describe.each(FORMS)("%s", (file) => {
  it("is one export's; a second is told which process has it, and once that is killed, goes on and tidies up", () =>
    cutOff("SIGSTOP", 20, async ({ fails, brings, files }, begin) => {
      const { child, ended } = await begin(file);
      const words = `^[^\\n]+ is open in another program \\(process ${child.pid}\\)\\. [^\\n]+\\n$`;
      await fails(file, new RegExp(words));
      child.kill("SIGKILL");
      await ended;
      await brings(file);
      expect(await files()).toEqual([...new Set([file, storeOf(file)])]);
    }));

  it.each([
    ["nothing", 0, 0],
    ["the head of a database", 16, 0],
    ["a part of what comes", 100, 0],
    ["a part of what comes to what is there", 900, 6000],
  ])("on a disk with room for %s says so, and goes on where it stopped", (_room, kb, more) =>
    atWork({ generated: recent(400) }, async ({ path, fails, files, grow, rows, brings }) => {
      if (more > 0) {
        await brings(file);
        grow(more);
      }
      const choice = { args: ["--quiet"], options: { through: smallFiles(kb) } };
      const said = await fails(file, `There is no room for ${path(file)}`, choice);
      expect(said.trim().split("\n")).toHaveLength(1);
      expect((await files()).filter((name) => name.includes(".browsee-export"))).toEqual([]);
      if (more > 0) expect((await rows(file)).length).toBeGreaterThanOrEqual(400);
      await brings(file);
    }),
  );
});
