import { ConnectorError } from "../errors.ts";
import type { Partition, StreamDefinition } from "./stream.ts";

/** How a partition is called in a message: the values that select it; "" where a stream has but one. */
export function partitionName({ partition }: Partition): string {
  return Object.values(partition ?? {}).join(", ");
}

/**
 * A failure of one partition's requests, e.g. for a segment that does not exist, made to say which one it was.
 * @param thrown value of a catch clause
 * @returns what was thrown where it is no ConnectorError, or the stream has one partition
 */
export function namePartition(thrown: unknown, { name }: StreamDefinition, partition: Partition): unknown {
  if (partition.partition === undefined || !(thrown instanceof ConnectorError)) return thrown;
  const { code, failureType, detail } = thrown;
  const message = `${name} of "${partitionName(partition)}": ${thrown.message}`;
  return new ConnectorError({ code, failureType, message, detail, cause: thrown });
}
