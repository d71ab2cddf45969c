import { ConnectorError } from "../errors.ts";
import type { Partition } from "./stream.ts";

/**
 * A failure of one partition's requests, e.g. for a segment that does not exist, made to say which one it was.
 * @param thrown value of a catch clause
 * @param stream name
 * @returns what was thrown where it is no ConnectorError, or the stream has no partitions
 */
export function namingPartition(thrown: unknown, stream: string, { partition }: Partition): unknown {
  if (partition === undefined || !(thrown instanceof ConnectorError)) return thrown;
  const { code, failureType, detail } = thrown;
  const message = `${stream} of "${Object.values(partition).join(", ")}": ${thrown.message}`;
  return new ConnectorError({ code, failureType, message, detail, cause: thrown });
}
