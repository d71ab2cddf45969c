import type { ConnectorError } from "../errors.ts";
import type { Summary } from "./summary.ts";

/** What went wrong, a line each, for a person. */
export function failureText({ streams }: Summary): string {
  return streams
    .flatMap(({ stream, failure }) => {
      if (failure === undefined) return [];
      const text = errorText(failure);
      const isNamed = streams.length === 1 || text.startsWith(`${stream} `);
      return [isNamed ? text : `${stream}: ${text}`];
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** An error for a person; of one that nobody expected, with what a developer wants to know. */
export function errorText({ message, detail, failureType }: ConnectorError): string {
  return failureType === "system_error" && detail !== message ? `${message} (${detail})` : message;
}

/** What a person is told who may open a CSV file in a spreadsheet. @param escaped whether that is safe */
export function formulasText(escaped: boolean): string {
  return escaped
    ? "Texts that a spreadsheet would take for a formula begin with an apostrophe.\n"
    : "Texts are exactly as visitors sent them: a spreadsheet may take one that begins with =, +, - or @ for a formula. --escape-formulas makes them harmless.\n";
}

/** What a person is told whose export was stopped. @param isPipe whether nothing of it is kept */
export function stoppedText(isPipe: boolean): string {
  if (isPipe) return "Stopped.\n";
  return "Stopped. What was read by then is saved; run the same command again, and it goes on from there.\n";
}
