import { CLIENTS, PLACES, TAGS } from "./names.ts";
import { below, chance, hash, pick } from "./random.ts";

/** What every session of one visitor has in common. */
export interface Visitor {
  readonly ip: string;
  readonly city: string | null | undefined;
  readonly country: string | null | undefined;
  readonly client: (typeof CLIENTS)[number];
  readonly person: Person | undefined;
}

/** What an identify call tells; the names are the API's. */
export interface Person {
  readonly userId: string;
  readonly name: string | null | undefined;
  readonly email: string | null | undefined;
  readonly tags: readonly string[] | undefined;
}

const IPV4_NETWORKS = ["192.0.2", "198.51.100", "203.0.113"] as const;
const IDENTIFIED_SHARE = 0.3;

/** Addresses from the ranges that are set aside for documentation, IPv6 for a third. */
function address(seed: number, visitor: number): string {
  const bits = hash(seed, visitor, 20);
  if (bits % 3 === 0) {
    const low = (bits >>> 16).toString(16);
    return `2001:db8:${(hash(seed, visitor, 21) >>> 16).toString(16)}::${low}`;
  }
  return `${pick(IPV4_NETWORKS, seed, visitor, 22)}.${1 + ((bits >>> 8) % 254)}`;
}

/** Who the visitor says to be; part of it is often left out. */
export function personOf(seed: number, visitor: number): Person {
  const place = pick(PLACES, seed, visitor, 10);
  const tagCount = below(4, seed, visitor, 30);
  const tags: string[] = [];
  for (let tag = 0; tag < tagCount; tag += 1) tags.push(pick(TAGS, seed, visitor, 31 + tag));
  return {
    userId: chance(0.5, seed, visitor, 36) ? `u-${visitor}` : `visitor${visitor}@example.com`,
    name: chance(0.15, seed, visitor, 37) ? null : pick<string>(place.names, seed, visitor, 38),
    email: chance(0.2, seed, visitor, 39) ? undefined : `visitor${visitor}@example.com`,
    tags: chance(0.1, seed, visitor, 40) ? undefined : tags,
  };
}

/** A visitor as a pure function of the seed and a number; the same number is the same visitor coming back. */
export function visitorOf(seed: number, visitor: number): Visitor {
  const place = pick(PLACES, seed, visitor, 10);
  const located = below(40, seed, visitor, 11);
  return {
    ip: address(seed, visitor),
    // Locating by address fails for some, and for some finds the country only.
    city: located === 0 ? null : located === 1 ? "" : located === 2 ? undefined : place.city,
    country: located === 0 ? null : located === 2 ? undefined : place.country,
    client: pick(CLIENTS, seed, visitor, 12),
    person: chance(IDENTIFIED_SHARE, seed, visitor, 13) ? personOf(seed, visitor) : undefined,
  };
}
