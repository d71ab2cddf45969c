/** The stand-in API in a process of its own, so that its work is not in what is measured. */
import type { FakeApiOptions } from "../integration_tests/fake-api/options.ts";
import type { ExportRequest } from "../integration_tests/fake-api/request.ts";
import { startFakeApi } from "../integration_tests/fake-api/server.ts";

/** What a stand-in has seen since it was asked before. */
export interface Seen {
  /** In the order in which they came. */
  readonly requests: readonly ExportRequest[];
  /** Identities of the sessions that were there all that time; empty where rows do not tell theirs (`idField`). */
  readonly stayed: readonly number[];
}

async function serve(options: FakeApiOptions): Promise<void> {
  let requests: ExportRequest[] = [];
  const api = await startFakeApi({
    ...options,
    logLimit: 0,
    onRequest: (_number, request) => requests.push(request),
  });
  let mark = api.handle.mark();
  process.on("message", () => {
    const stayed = options.idField === undefined ? [] : [...api.handle.presentThroughout(mark)];
    const seen: Seen = { requests, stayed: stayed.map(({ id }) => id) };
    process.send?.(seen);
    requests = [];
    mark = api.handle.mark();
  });
  process.once("disconnect", () => void api.close());
  process.send?.(api.url);
}

void serve(JSON.parse(process.argv[2] ?? "{}"));
