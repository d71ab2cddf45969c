/** Takes a line without its line break; the bytes are valid only during the call. */
export type TakeLine = (line: Buffer) => void;

const LINE_BREAK = 10;

/** Cuts chunks of a stream into lines; cheap, for it runs beside what is measured. */
export function createLineSplitter(take: TakeLine): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  return (chunk) => {
    let at = 0;
    for (let end = chunk.indexOf(LINE_BREAK); end !== -1; end = chunk.indexOf(LINE_BREAK, at)) {
      const line = chunk.subarray(at, end);
      take(rest.length === 0 ? line : Buffer.concat([...rest, line]));
      rest = [];
      at = end + 1;
    }
    if (at < chunk.length) rest.push(chunk.subarray(at));
  };
}
