/** Whether some bytes stand at a place in others. */
export function standsAt(some: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let n = 0; n < some.length; n += 1) if (some[n] !== bytes[at + n]) return false;
  return true;
}
