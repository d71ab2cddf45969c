import { malformed } from "./answer-error.ts";
import { isField, TEXT } from "./head.ts";

/** Takes a body in chunks apart (RFC 9112, section 7.1). */
export interface Chunks {
  isWhole(): boolean;
  /**
   * @returns how many of the bytes belong to the body
   * @throws AnswerError
   */
  take(bytes: Buffer): number;
}

/** What comes next. */
type Expected = "size" | "data" | "end of data" | "trailer" | "nothing";

/** Of lines between the data, together where there are several in a row. */
const MAX_LINE_BYTES = 16 * 1024;
const SIZE = new RegExp(`^([\\da-f]{1,8})[\\t ]*(?:;${TEXT})?$`, "i");

/** @param emit gets the data piece by piece, lent for the length of the call */
export function createChunks(emit: (data: Buffer) => void): Chunks {
  let expected: Expected = "size";
  let left = 0;
  let line = "";
  let lineBytes = 0;

  function takeData(bytes: Buffer): number {
    const data = bytes.subarray(0, left);
    emit(data);
    left -= data.length;
    if (left === 0) expected = "end of data";
    return data.length;
  }

  function takeLine(bytes: Buffer): number {
    const end = bytes.indexOf(0x0a) + 1 || bytes.length;
    lineBytes += end;
    if (lineBytes > MAX_LINE_BYTES) throw malformed("chunk");
    line += bytes.toString("latin1", 0, end);
    if (line.endsWith("\n")) {
      if (!line.endsWith("\r\n")) throw malformed("chunk");
      if (expected !== "trailer") lineBytes = 0;
      expected = after(line.slice(0, -2));
      line = "";
    }
    return end;
  }

  /** @param text of a line between the data, without its end */
  function after(text: string): Expected {
    switch (expected) {
      case "size":
        left = sizeIn(text);
        return left === 0 ? "trailer" : "data";
      case "end of data":
        if (text !== "") throw malformed("chunk");
        return "size";
      default:
        if (text !== "" && !isField(text)) throw malformed("trailer");
        return text === "" ? "nothing" : "trailer";
    }
  }

  return {
    isWhole: () => expected === "nothing",
    take(bytes) {
      let taken = 0;
      while (taken < bytes.length && expected !== "nothing") {
        const rest = bytes.subarray(taken);
        taken += expected === "data" ? takeData(rest) : takeLine(rest);
      }
      return taken;
    },
  };
}

/** @param line before the data of a chunk */
function sizeIn(line: string): number {
  const [, size] = SIZE.exec(line) ?? [];
  if (size === undefined) throw malformed("chunk");
  return Number.parseInt(size, 16);
}
