/**
 * Reads CSV strictly as RFC 4180 has it: every line ends with CRLF, what holds a quote, a comma or a line break is
 * quoted, all lines have as many fields.
 * @returns the lines, the header first; an empty field is null, a quoted one that is empty is ""
 * @throws Error at the first character that must not stand there
 */
export function parseCsv(text: string): readonly (readonly (string | null)[])[] {
  const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const lines: (string | null)[][] = [];
  let line: (string | null)[] = [];
  while (FIELD.lastIndex < text.length) {
    const at = FIELD.lastIndex;
    const found = FIELD.exec(text);
    if (found === null) throw new Error(`no CSV at ${at}: ${JSON.stringify(text.slice(at, at + 80))}`);
    const [, quoted, plain = "", end] = found;
    line.push(quoted?.replaceAll('""', '"') ?? (plain === "" ? null : plain));
    if (end !== "\r\n") continue;
    if (lines.length > 0 && line.length !== lines[0]?.length)
      throw new Error(`line ${lines.length} has ${line.length} fields`);
    lines.push(line);
    line = [];
  }
  if (line.length > 0) throw new Error("the last line has no end");
  return lines;
}
