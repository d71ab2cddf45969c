import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { AT_REST, isSeen, type Order, type Seen, type StandInOptions } from "./contract.ts";

/** A stand-in API in a process of its own. */
export interface StandIn {
  readonly url: string;
  /** Counts anew from here. */
  readonly begin: () => Promise<void>;
  readonly seen: () => Promise<Seen>;
  /** The same, with the sessions that stayed since `begin`. */
  readonly seenWithStayed: () => Promise<Seen>;
}

/** Does some work with a stand-in, which is gone afterwards. @throws Error if it ends early */
export async function withStandIn<T>(
  options: Partial<StandInOptions>,
  work: (standIn: StandIn) => Promise<T>,
): Promise<T> {
  const child = fork(join(__dirname, "main.ts"), [JSON.stringify({ ...AT_REST, ...options })]);
  try {
    const url = await nextMessage(child);
    if (typeof url !== "string") throw new Error("the stand-in did not tell its address");
    const ask = async (order: Order): Promise<Seen> => {
      child.send(order);
      const seen = await nextMessage(child);
      if (!isSeen(seen)) throw new Error("the stand-in did not tell what it saw");
      return seen;
    };
    return await work({
      url,
      begin: async () => void (await ask("begin")),
      seen: () => ask("report"),
      seenWithStayed: () => ask("report-stayed"),
    });
  } finally {
    child.disconnect();
  }
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const gone = once(child, "exit", { signal: ended.signal }).then(() => {
    throw new Error("the stand-in has ended");
  });
  try {
    const [message]: unknown[] = await Promise.race([once(child, "message", { signal: ended.signal }), gone]);
    return message;
  } finally {
    ended.abort();
    gone.catch(() => undefined);
  }
}
