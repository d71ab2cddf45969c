import { CAMPAIGNS, DOMAINS, PATHS, REFERRERS } from "./names.ts";
import { below, chance, hash, pick, unit } from "./random.ts";
import type { Session } from "./session.ts";
import { type Visitor, visitorOf } from "./visitor.ts";

/** Of the sessions, how many are by the few who come back again and again. */
const RETURNING_SHARE = 0.4;
const MAX_PAGES = 14;

/** Regulars come from a pool of a tenth of the set's size, with the low numbers more often; others come once. */
function visitorNumber(seed: number, index: number, pool: number): number {
  if (!chance(RETURNING_SHARE, seed, index, 50)) return pool + index;
  const skewed = unit(seed, index, 51) ** 2;
  return Math.floor(skewed * pool);
}

/** The pages of a session in order; one in about sixty has none, as when recording was blocked. */
function pagesOf(seed: number, index: number, domain: string, query: string): readonly string[] {
  if (hash(seed, index, 60) % 61 === 0) return [];
  // A third looks at one page only; long visits are rare.
  const count = 1 + Math.floor(unit(seed, index, 61) ** 2.2 * MAX_PAGES);
  const urls: string[] = [];
  for (let page = 0; page < count; page += 1) {
    const path = pick(PATHS, seed, index, 62 + page);
    const first = page === 0 && query !== "" && !path.includes("?") && !path.includes("#");
    urls.push(`https://${domain}${path}${first ? query : ""}`);
  }
  return urls;
}

/** Nobody is anonymous in one way only: fields are left out, null or empty. */
function identity(visitor: Visitor, seed: number, index: number) {
  if (visitor.person !== undefined) return visitor.person;
  const kind = hash(seed, index, 80) % 3;
  const none = kind === 0 ? undefined : kind === 1 ? null : "";
  return { userId: none, name: none, email: none, tags: kind === 2 ? [] : none };
}

/** The UTM parameters of about a fifth of the sessions; the rest has them left out, null or empty. */
function campaign(seed: number, index: number) {
  if (!chance(0.22, seed, index, 90)) {
    const none = [undefined, undefined, null, ""][hash(seed, index, 91) % 4];
    return { source: none, medium: none, campaign: none, term: none, content: none, query: "" };
  }
  const found = pick(CAMPAIGNS, seed, index, 92);
  const query = `?utm_source=${encodeURIComponent(found.source)}&utm_medium=${found.medium}`;
  return { term: undefined, content: undefined, ...found, query };
}

/**
 * A session like those of a real site, as a pure function of its arguments.
 * @param seed what the whole set is drawn from
 * @param index the session's number in the set, from 0
 * @param timestamp its start, ms since the epoch
 * @param pool how many visitors come back again and again
 */
export function generateSession(seed: number, index: number, timestamp: number, pool: number): Session {
  const visitor = visitorOf(seed, visitorNumber(seed, index, pool));
  const person = identity(visitor, seed, index);
  const utm = campaign(seed, index);
  const domain = pick<string>(DOMAINS, seed, index, 52);
  const urls = pagesOf(seed, index, domain, utm.query);
  const duration =
    urls.length === 0 ? 0 : Math.floor(1500 + urls.length * unit(seed, index, 53) ** 2 * 180_000);
  const inactiveTime = Math.floor(duration * unit(seed, index, 54) ** 1.5 * 0.8);
  const { client } = visitor;
  return {
    userId: person.userId,
    duration,
    inactiveTime,
    activeTime: duration - inactiveTime,
    urls,
    timestamp,
    pageCount: urls.length,
    eventCount: urls.length * (3 + below(40, seed, index, 55)),
    name: person.name,
    email: person.email,
    tags: person.tags,
    landingPage: urls[0] ?? "",
    utm_source: utm.source,
    utm_medium: utm.medium,
    utm_campaign: utm.campaign,
    utm_term: utm.term,
    utm_content: utm.content,
    browser: client.browser,
    os: client.os,
    device: client.device,
    isMobile: client.isMobile,
    ip: visitor.ip,
    city: visitor.city,
    country: visitor.country,
    domain,
    referrer: chance(0.45, seed, index, 56) ? pick<string>(REFERRERS, seed, index, 57) : "",
  };
}
