/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0, inclusive, to 1, exclusive. */
  fraction(): number;
  /** A whole number from 0 to limit - 1; 0 where the limit is below 1. */
  below(limit: number): number;
  /** True in so many of all calls. @param share 0 to 1 */
  chance(share: number): boolean;
}

/** mulberry32: small, and even enough for tests. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const fraction = () => next() / 2 ** 32;
  return {
    fraction,
    below: (limit) => (limit < 1 ? 0 : Math.floor(fraction() * limit)),
    chance: (share) => share > 0 && fraction() < share,
  };
}

/** A number of 32 bits that depends on both and looks random. */
export function scatter(id: number, salt: number): number {
  let mixed = Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
