/**
 * Mixes a seed, a number and a salt into 32 well-spread bits: the same three always give the same answer, on every
 * machine, so that nothing drawn here has to be remembered. All three are taken as 32-bit integers.
 */
export function hash(seed: number, number: number, salt: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(salt + 0x165667b1, 0x27d4eb2f);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits ^= Math.imul(number ^ 0x7f4a7c15, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A number from 0 (inclusive) to 1 (exclusive). */
export function unit(seed: number, number: number, salt: number): number {
  return hash(seed, number, salt) / 0x1_0000_0000;
}

/** An integer from 0 (inclusive) to `bound` (exclusive); 0 where `bound` is 0. */
export function below(bound: number, seed: number, number: number, salt: number): number {
  return Math.floor(unit(seed, number, salt) * bound);
}

/** True with the given probability (0 to 1). */
export function chance(probability: number, seed: number, number: number, salt: number): boolean {
  return unit(seed, number, salt) < probability;
}

/**
 * An element of a list, each as likely as the others.
 * @throws RangeError if the list is empty
 */
export function pick<T>(list: readonly T[], seed: number, number: number, salt: number): T {
  const element = list[below(list.length, seed, number, salt)];
  if (element === undefined) throw new RangeError("nothing to pick from");
  return element;
}
