import type { ConnectorError } from "../errors.ts";
import { toJsonText } from "../json.ts";
import { errorText } from "../terminal/outcome-text.ts";
import { errorJson } from "../terminal/summary.ts";
import { writeText } from "../terminal/terminal.ts";
import type { Context, ExitCode } from "./context.ts";

/** Prints an object on stdout, as one line of JSON. */
export function printJson({ out, secrets }: Context, object: object): Promise<void> {
  return out.write([secrets.redact(toJsonText(object))]);
}

/** Tells a person why a command could not do its work. @param json whether stdout gets it too @returns 1 */
export async function tellFailure(
  context: Context,
  failure: ConnectorError,
  json: boolean,
): Promise<ExitCode> {
  writeText(context.err, context.env, context.secrets.redact(errorText(failure)));
  if (json) await printJson(context, { status: "failed", error: errorJson(failure) });
  return 1;
}
