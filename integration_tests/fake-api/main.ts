import { type Flags, parseFlags, USAGE } from "./flags.ts";
import { type FakeApi, startFakeApi } from "./server.ts";
import { DEFAULT_SWITCHES } from "./switches.ts";

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** What a person needs to try the connector on it. */
function introduction(api: FakeApi, flags: Flags): string {
  const config = {
    api_key: flags.apiKey,
    secret_key: flags.secretKey,
    start_date: `${iso(flags.from).slice(0, 19)}Z`,
    api_url: api.url,
  };
  const moving = flags.drift.length > 0 ? ", and the set moves while it is read" : "";
  return `A stand-in for Browsee's data export API listens on ${api.url}

  Holds     ${api.handle.size().toLocaleString("en")} invented sessions that start from ${iso(flags.from)} to ${iso(flags.to)},
            answered in ${flags.order ?? DEFAULT_SWITCHES.order} order${moving}
  Keys      ${flags.apiKey} and ${flags.secretKey}
  Segments  mobile-visitors and from-campaigns
  More      GET ${api.url}/stats
            POST ${api.url}/append with {"count": 100} adds sessions that have only just started

A config for the connector:

${JSON.stringify(config, undefined, 2)}

Ctrl+C stops it.
`;
}

async function serve(flags: Flags): Promise<void> {
  const { count, from, to, ...options } = flags;
  const api = await startFakeApi({ ...options, generated: { count, from, to }, logLimit: 0, control: true });
  process.stdout.write(
    `${JSON.stringify({ url: api.url, port: api.port, apiKey: flags.apiKey, secretKey: flags.secretKey, count, from, to })}\n`,
  );
  process.stderr.write(introduction(api, flags));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void api.close());
}

async function main(): Promise<void> {
  try {
    const flags = parseFlags(process.argv.slice(2), Date.now());
    if (flags.help) process.stdout.write(USAGE);
    else await serve(flags);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

void main();
