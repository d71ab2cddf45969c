/** At first: enough for a slice of the usual size. A power of two. */
const SLOTS = 16_384;
/** Letters that a key's place is told by: the last ones, in which session keys differ. */
const TELLING = 8;

/** A set of session keys: like a `Set`, which takes three times as long for each. */
export class KeySet {
  /** Behind one that is none, so that a place is never 0. */
  readonly #keys = [""];
  /** For each slot the hash of a key, and behind it the key's place; 0 where the slot is free. */
  #slots = new Int32Array(SLOTS * 2);

  /** @returns false where it was there */
  add(key: string): boolean {
    const hash = hashOf(key);
    const slot = this.#find(key, hash);
    if (this.#slots[slot + 1] !== 0) return false;
    this.#put(slot, hash, this.#keys.push(key) - 1);
    if (this.#keys.length * 4 > this.#slots.length) this.#grow();
    return true;
  }

  has(key: string): boolean {
    return this.#slots[this.#find(key, hashOf(key)) + 1] !== 0;
  }

  /** @returns the slot that holds a key, or the free one where it would be put */
  #find(key: string, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 2;
    for (let slot = (hash * 2) & mask; ; slot = (slot + 2) & mask) {
      const place = slots[slot + 1] ?? 0;
      if (place === 0 || (slots[slot] === hash && this.#keys[place] === key)) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let place = 1; place < this.#keys.length; place += 1) {
      const key = this.#keys[place] ?? "";
      const hash = hashOf(key);
      this.#put(this.#find(key, hash), hash, place);
    }
  }

  #put(slot: number, hash: number, place: number): void {
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = place;
  }
}

function hashOf(key: string): number {
  let hash = 0;
  for (let at = Math.max(0, key.length - TELLING); at < key.length; at += 1) {
    hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  }
  return hash;
}
