import spec from "../../spec.json";
import { messageLine } from "../protocol/messages.ts";
import type { Context, ExitCode } from "./context.ts";

/** Prints spec.json as a SPEC message. */
export async function runSpec({ out }: Context): Promise<ExitCode> {
  await out.write([messageLine({ type: "SPEC", spec })]);
  return 0;
}
