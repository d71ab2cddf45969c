/** What a person types, and what the program shows them, at a terminal or in a pipe. */
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { type Certificate, makeCertificate } from "../faults/certificate.ts";
import { closingFront, startProxy } from "../faults/servers.ts";
import { inFolder } from "../input-files.ts";
import { MAIN } from "../program.ts";
import type { Person, Step } from "./people.ts";
import { type Shell, startShell } from "./screen.ts";

const COUNT = 3000;
const JANUARY = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 1, 1) };

/** How a person looks at the program. */
export interface View {
  /** Undefined for a pipe. */
  readonly columns: number | undefined;
  readonly color: boolean;
}

/** Lets a person type all of their lines. @returns the transcript, and whether there were colors */
export async function transcriptOf(
  { title, steps }: Person,
  view: View,
): Promise<{ readonly text: string; readonly colored: boolean }> {
  return inFolder(async (folder) => {
    const certificate = await makeCertificate(folder, "DNS:api.browsee.io");
    const bin = join(folder, "bin");
    const cwd = join(folder, "work");
    for (const path of [bin, cwd]) await mkdir(path);
    await symlink(MAIN, join(bin, "source-browsee"));
    await symlink(dirname(MAIN), join(cwd, "dist"));
    const api = await startFakeApi({ generated: { count: COUNT, ...JANUARY } });
    let env: Record<string, string> = {
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      HOME: folder,
      LANG: "C.UTF-8",
      NODE_EXTRA_CA_CERTS: certificate.path,
      TERM: "xterm-256color",
      ...(!view.color && { NO_COLOR: "1" }),
    };
    let text = `# ${title}\n`;
    let colored = false;
    try {
      for (const step of steps) {
        env = { ...env, ...step.env };
        const typed = `${step.remark === undefined ? "" : `\n# ${step.remark}`}\n$ ${step.command}\n`;
        const shown = await runStep(step, { api, certificate, cwd, env, columns: view.columns });
        text += typed + shown.text;
        colored ||= shown.colored;
      }
    } finally {
      await api.close();
    }
    return { text: view.columns === undefined ? withoutCounts(steady(text)) : steady(text), colored };
  });
}

interface Scene {
  readonly api: FakeApi;
  readonly certificate: Certificate;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number | undefined;
}

/** Runs a command with the API at its own address, as far as the program can tell. */
async function runStep(step: Step, scene: Scene): Promise<{ text: string; colored: boolean }> {
  const { api, certificate, columns, cwd } = scene;
  const before = api.stats.requests;
  let text = "";
  let shell: Shell | undefined;
  const looks = new Map((step.happenings ?? []).map(({ request, what }) => [request + before, what]));
  api.handle.setFaults(
    (step.happenings ?? []).flatMap(({ request, what }) =>
      typeof what === "string" ? [] : [{ when: { requests: [request + before] }, what }],
    ),
  );
  let number = before;
  const front = await closingFront(certificate, api.port, async () => {
    number += 1;
    const what = looks.get(number);
    if (shell === undefined || what === undefined || typeof what === "object") return;
    const isBegun = columns !== undefined && number > before + 1;
    const screen = isBegun ? await still(shell) : "";
    if (what === "interrupt") {
      shell.interrupt();
      // No answer comes that the command might still take.
      await shell.ended;
    } else if (isBegun) text += `${screen}\n[…]\n`;
  });
  const proxy = await startProxy(undefined, step.isDown ? 1 : front.port);
  try {
    if (/^export /.test(step.command)) return { text: "", colored: false };
    const env = { ...scene.env, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    shell = startShell(step.command, { columns, cwd, env });
    if (step.interruptAt !== undefined) {
      while (!step.interruptAt.test(shell.text())) await shell.changed();
      shell.interrupt();
    }
    const code = await shell.ended;
    const end = code === 0 ? "" : `[exit code ${code}]\n`;
    return { text: `${text}${shell.text()}\n${end}`, colored: shell.colored() };
  } finally {
    await proxy.close();
    await front.close();
  }
}

/** So often in a row the screen shows the same counts when what was on its way to it has come. */
const DRAWN = 4;

/** What stands on the screen once it shows the same counts for some time. */
async function still(shell: Shell): Promise<string> {
  let before = "";
  for (let times = 0; times < DRAWN; ) {
    await shell.changed();
    const now = shell.text();
    times = now !== "" && steady(now) === steady(before) ? times + 1 : 0;
    before = now;
  }
  return before;
}

/** A text without what differs at each run: times, and what comes of them. */
export function steady(text: string): string {
  return (
    text
      // Told only by a run that takes a second, as on some machines.
      .replaceAll(/, [\d,]+(?: a second|\/s)/g, "")
      .replaceAll(/until \d\d:\d\d/g, "until 14:30")
      // Typed while nothing was drawn that is cleared afterwards.
      .replaceAll("^C", "")
      .replaceAll(/\d+ min \d+ s|\d+(\.\d+)? s\b/g, "2.0 s")
  );
}

/** In a pipe a line on progress comes now and then, and nothing tells when to interrupt. */
function withoutCounts(text: string): string {
  return text
    .replaceAll(/"emitted_at":\d+/g, '"emitted_at":1767225600000')
    .replaceAll(/^\w+: \d+%.* left\n/gm, "")
    .replaceAll(/[\d,]+ (new sessions|records of this run|requests)/g, "1,234 $1");
}
