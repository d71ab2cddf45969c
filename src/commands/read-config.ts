import { type Config, parseConfig, secretsOf } from "../config.ts";
import { logLine } from "../protocol/messages.ts";
import { isShowable } from "../redact.ts";
import type { Context } from "./context.ts";
import { readInputFile } from "./input-file.ts";

/**
 * Reads the --config file, and warns of fields that it does not know. From then on its secrets appear in no message.
 * @throws ConnectorError file_unreadable or config_invalid
 */
export async function readConfig({ secrets, env, out }: Context, path: string): Promise<Config> {
  const config = parseConfig(readInputFile(path, "configuration", "config_invalid"), env);
  secrets.hide(secretsOf(config));
  const warning = unknownFieldsText(config);
  if (warning !== undefined) await out.write([logLine("WARN", secrets.redact(warning))]);
  return config;
}

/** Enough to find a slip of the pen. */
const MOST_NAMES = 10;

/** Says which fields are ignored: nothing of what looks like a value in the wrong place. */
export function unknownFieldsText({ unknownFields }: Config): string | undefined {
  if (unknownFields.length === 0) return undefined;
  const names = unknownFields
    .filter((name) => /^\w{1,40}$/.test(name) && isShowable(name))
    .slice(0, MOST_NAMES);
  const more = unknownFields.length - names.length;
  const all = [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ");
  return `the configuration has fields that are not known, and are ignored: ${all}. Compare them with the documentation`;
}
