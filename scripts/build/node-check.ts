/**
 * The program's first lines: an older Node.js says what is wrong, and not what it stumbled over.
 * @param engines of package.json, such as ">=20.19"
 * @returns JavaScript that Node.js 6 understands
 */
export function nodeCheck(engines: string): string {
  const [major, minor] = engines.match(/\d+/g) ?? [];
  const here = "process.versions.node";
  const before = JSON.stringify(
    `source-browsee needs Node.js ${major}.${minor} or later, and this is Node.js `,
  );
  const behind = JSON.stringify(". Install a newer one from https://nodejs.org.\n");
  return `{
  const version = ${here}.split(".").map(Number);
  if (version[0] < ${major} || (version[0] === ${major} && version[1] < ${minor})) {
    require("fs").writeSync(2, ${before} + ${here} + ${behind});
    process.exit(1);
  }
}`;
}
