import type { ConnectorError } from "../errors.ts";
import { toJsonText } from "../json.ts";
import { errorText } from "../terminal/outcome-text.ts";
import { errorJson } from "../terminal/summary.ts";
import { writeText } from "../terminal/terminal.ts";
import type { Context, ExitCode } from "./context.ts";

/** Tells a person why a command could not do its work. @param json whether stdout gets it too @returns 1 */
export async function tellFailure(
  { err, out, env, secrets: { redact } }: Context,
  failure: ConnectorError,
  json: boolean,
): Promise<ExitCode> {
  writeText(err, env, redact(errorText(failure)));
  if (json) await out.write([redact(toJsonText({ status: "failed", error: errorJson(failure) }))]);
  return 1;
}
