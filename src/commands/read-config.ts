import { type Config, parseConfig } from "../config.ts";
import type { Context } from "./context.ts";
import { readInputFile } from "./input-file.ts";

/**
 * Reads the --config file. From then on its secrets appear in no message.
 * @throws ConnectorError file_unreadable or config_invalid
 */
export function readConfig({ secrets }: Context, path: string): Config {
  const config = parseConfig(readInputFile(path, "configuration", "config_invalid"));
  secrets.hide([config.apiKey, config.secretKey]);
  return config;
}
