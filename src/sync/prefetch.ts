/** Work that is done while the next request is under way. */
import { setImmediate } from "node:timers/promises";

/** undici looks at an idle socket for a turn of the event loop before it writes: earlier work would hold the request up. */
async function requestSent(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/**
 * Does some work while a request is under way.
 * @param request that has just been asked for
 * @returns what came of the request
 */
export async function meanwhile<T>(request: Promise<T>, work: () => void): Promise<T> {
  const [value] = await Promise.all([request, requestSent().then(work)]);
  return value;
}

/** Asks for the next piece while one is being taken. */
export async function* prefetched<T>(source: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  for (let next = source.next(); ; ) {
    const { done, value } = await next;
    if (done === true) return;
    next = source.next();
    // If taking this one fails, the next must not fail unheard.
    next.catch(() => undefined);
    await requestSent();
    yield value;
  }
}
