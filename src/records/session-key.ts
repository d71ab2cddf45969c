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
  const make = (text: string) => hash("sha256", salt + text).slice(0, LENGTH);
  const maker = (values: readonly LastingValue[]) => {
    let text = "";
    for (const value of values) text += part(value);
    return make(text);
  };
  return Object.assign(maker, {
    twin: (key: string, twin: number) => (twin === 0 ? key : make(`${key}+${twin}`)),
  });
}

/** Of no two values the same, and none the beginning of another's. */
function part(value: LastingValue): string {
  if (value === null || value === "") return "-";
  return typeof value === "string" ? `${value.length}:${value}` : `=${value};`;
}
