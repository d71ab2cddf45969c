import type { Chunk } from "./bundle.ts";
import { COMMENT_END } from "./part-loader.ts";

/**
 * One file of all parts, which runs the first.
 * @param loader the exports of part-loader.ts, as the script that declares the variable `loader`
 */
export function assemble(loader: string, chunks: readonly Chunk[]): string {
  let text = `#!/usr/bin/env node\n"use strict";\n${loader}const parts = new Map();\n`;
  for (const chunk of chunks) text += inComment(chunk, linesOf(text));
  return `${text}loader.createLoader(parts, __filename, require)(${JSON.stringify(chunks[0]?.name)});\n`;
}

function inComment({ name, code }: Chunk, line: number): string {
  if (code.includes(COMMENT_END))
    throw new Error(`${name} holds ${COMMENT_END}: part-loader.ts needs another sign`);
  const safe = code.replaceAll("*/", COMMENT_END);
  const holder = `() => {/*"use strict";\n${safe}*/}`;
  return `parts.set(${JSON.stringify(name)}, { line: ${line}, holder: ${holder} });\n`;
}

function linesOf(text: string): number {
  return text.split("\n").length - 1;
}
