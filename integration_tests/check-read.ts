/** What the contract says of every read, whatever it reads and however it ends. */
import { checkStateBlob } from "./check-state.ts";
import type { Message, StateMessage } from "./message.ts";
import type { Run } from "./program.ts";

/** Records that may stand between two states. */
const MOST_BETWEEN_STATES = 1000;

/** Watches the messages of one read as they come. */
export interface ReadCheck {
  /** @throws Error at the first message that breaks a rule */
  see(message: Message): void;
  /** To be called when the process has ended. @throws Error if it may not end like that */
  end(run: Pick<Run, "code" | "stderr">): void;
}

interface StreamSoFar {
  readonly name: string;
  readonly statuses: string[];
  records: number;
  sinceState: number;
  states: number;
}

/** A check that has seen nothing yet. */
export function createReadCheck(): ReadCheck {
  const streams: StreamSoFar[] = [];
  let errors = 0;

  const current = (name: string): StreamSoFar => {
    const stream = streams.at(-1);
    must(stream?.name === name && isOpen(stream), `a message of ${name}, which is not being read`);
    return stream ?? begin(name);
  };

  const seeStatus = (name: string, status: string) => {
    if (status === "STARTED") {
      must(!streams.some(isOpen), `${name} begins before the stream before it has ended`);
      streams.push(begin(name));
      return;
    }
    const stream = current(name);
    if (status !== "RUNNING")
      must(stream.sinceState === 0, `${name} ends without a state for its last records`);
    if (status === "COMPLETE") must(stream.states > 0, `${name} ends without any state`);
    stream.statuses.push(status);
  };

  const seeState = ({ stream: { stream_descriptor, stream_state }, sourceStats }: StateMessage) => {
    const stream = current(stream_descriptor.name);
    must(sourceStats.recordCount === stream.sinceState, `recordCount is not ${stream.sinceState}`);
    checkStateBlob(stream_state);
    stream.sinceState = 0;
    stream.states += 1;
  };

  return {
    see(message) {
      if (message.type === "STATE") seeState(message.state);
      if (message.type === "TRACE") {
        const { stream_status: body, error } = message.trace;
        if (body !== undefined) seeStatus(body.stream_descriptor.name, body.status);
        if (error !== undefined) errors += 1;
      }
      if (message.type !== "RECORD") return;
      const stream = current(message.record.stream);
      must(stream.statuses.at(-1) === "RUNNING", "a record before RUNNING");
      stream.records += 1;
      stream.sinceState += 1;
      must(
        stream.sinceState <= MOST_BETWEEN_STATES,
        `more than ${MOST_BETWEEN_STATES} records without a state`,
      );
    },
    end({ code, stderr }) {
      must(stderr === "", `stderr: ${stderr}`);
      must(!streams.some(isOpen), "a stream has no last status");
      must(code !== 0 || errors === 0, "exit 0 in spite of an error");
      must(code !== 1 || errors > 0, "exit 1 without an error");
      const complete = streams.every(({ statuses }) => statuses.at(-1) === "COMPLETE");
      must(code !== 0 || complete, "exit 0 with a stream that is not COMPLETE");
    },
  };
}

function begin(name: string): StreamSoFar {
  return { name, statuses: ["STARTED"], records: 0, sinceState: 0, states: 0 };
}

function isOpen({ statuses }: StreamSoFar): boolean {
  return !["COMPLETE", "INCOMPLETE"].includes(statuses.at(-1) ?? "");
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
