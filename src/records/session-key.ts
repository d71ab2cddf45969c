import { hash } from "node:crypto";

const LENGTH = 32;

/** A value that a key is made of. */
export type LastingValue = string | number | boolean | null;

/** Makes the key of a session from the values of its lasting fields. */
export interface KeyMaker {
  /** @param values in a fixed order; null and "" count as the same */
  (values: readonly LastingValue[]): string;
  /** The key of a further session with the same values. @param twin 1 for the second one */
  twin(key: string, twin: number): string;
}

/**
 * Keys of 128 bits that nobody can compute who does not have the API key.
 * @param apiKey keys of different projects never meet
 */
export function createKeyMaker(apiKey: string): KeyMaker {
  const salt = hash("sha256", `source-browsee session key\n${apiKey}`);
  const make = (text: string) => hash("sha256", text).slice(0, LENGTH);
  return Object.assign((values: readonly LastingValue[]) => make(salt + keyText(values)), {
    twin: (key: string, twin: number) => (twin === 0 ? key : make(`${salt}${key}+${twin}`)),
  });
}

/** Of no two lists of values the same, and none the beginning of another's. */
function keyText(values: readonly LastingValue[]): string {
  let text = "";
  for (const value of values) {
    if (value === null || value === "") text += "-";
    else text += typeof value === "string" ? `${value.length}:${value}` : `=${value};`;
  }
  return text;
}
