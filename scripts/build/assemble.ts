import type { Chunk } from "./bundle.ts";
import { COMMENT_END, PARAMETERS } from "./part-loader.ts";

/** From this length on, a part is not parsed before it is needed; smaller ones take less time to parse than to hold. */
const LONG = 10_000;

/**
 * One file of all parts, which runs the first.
 * @param loader the exports of part-loader.ts, as the script that declares the variable `loader`
 */
export function assemble(loader: string, chunks: readonly Chunk[]): string {
  let text = `#!/usr/bin/env node\n"use strict";\n${loader}const parts = new Map();\n`;
  for (const chunk of chunks)
    text += chunk.code.length < LONG ? inPlace(chunk) : inComment(chunk, linesOf(text));
  return `${text}loader.createLoader(parts, __filename, require)(${JSON.stringify(chunks[0]?.name)});\n`;
}

function inPlace({ name, code }: Chunk): string {
  return `parts.set(${JSON.stringify(name)}, (${PARAMETERS.join()}) => {\n${code}});\n`;
}

function inComment({ name, code }: Chunk, line: number): string {
  if (code.includes(COMMENT_END))
    throw new Error(`${name} holds ${COMMENT_END}: part-loader.ts needs another sign`);
  const safe = code.replaceAll("*/", COMMENT_END);
  return `parts.set(${JSON.stringify(name)}, loader.held(() => {/*"use strict";\n${safe}*/}, ${line}));\n`;
}

function linesOf(text: string): number {
  return text.split("\n").length - 1;
}
