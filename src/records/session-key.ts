import { createHmac, hash } from "node:crypto";
import type { Config } from "../config.ts";

/** Characters of a key: 128 bits in hexadecimal. */
const LENGTH = 32;

/** A value that a key is made of. */
export type KeyValue = string | number | boolean | null;

/** Makes the primary keys of a stream whose API gives its rows no id. */
export type KeyMaker = ReturnType<typeof createKeyMaker>;

/** What a project's hashes are keyed with, so that those of different projects never meet. Only the salt is a secret. */
export type ProjectKeys = Pick<Config, "apiKey" | "sessionKeySalt">;

/** @returns hexadecimal digits, others for each project and purpose, and for each salt */
export function projectHash(purpose: string, { apiKey, sessionKeySalt }: ProjectKeys): string {
  const text = `source-browsee ${purpose}\n${apiKey}`;
  return sessionKeySalt === undefined
    ? hash("sha256", text)
    : createHmac("sha256", sessionKeySalt).update(text).digest("hex");
}

/** Makes the keys of a project's sessions. */
export function createKeyMaker(project: ProjectKeys) {
  const prefix = projectHash("session key", project);
  const make = (text: string) => hash("sha256", text).slice(0, LENGTH);
  return {
    /** @param values of the key fields, in a fixed order; null and "" count as the same */
    of: (values: readonly KeyValue[]) => make(prefix + keyText(values)),
    /** The key of a further session with the same values. @param number 0 gives the key itself, 1 the second session's */
    numbered: (key: string, number: number) => (number === 0 ? key : make(`${prefix}${key}+${number}`)),
  };
}

/** Of no two lists of values the same, and none the beginning of another's. */
function keyText(values: readonly KeyValue[]): string {
  let text = "";
  for (const value of values) {
    if (value === null || value === "") text += "-";
    else text += typeof value === "string" ? `${value.length}:${value}` : `=${value};`;
  }
  return text;
}
