/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below - 1; 0 where below is 0. */
  below(limit: number): number;
}

/** mulberry32: small, and even enough for tests. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return limit < 1 ? 0 : ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
    },
  };
}
