/** The stand-in API as a process of its own, which tells over IPC what it has seen. */
import type { FakeApiOptions } from "../../integration_tests/fake-api/options.ts";
import type { ExportRequest } from "../../integration_tests/fake-api/request.ts";
import { startFakeApi } from "../../integration_tests/fake-api/server.ts";
import { endOf, FROM, ID_FIELD, isStandInOptions, type Seen, type StandInOptions } from "./contract.ts";

/** Of the requests since the last `begin`: late enough for a walk to be under way. */
const BROKEN_REQUEST = 4;

function optionsFor(
  { sessions, days, latencyMs, removeEvery, broken }: StandInOptions,
  onRequest: NonNullable<FakeApiOptions["onRequest"]>,
): FakeApiOptions {
  return {
    generated: { count: sessions, from: FROM, to: endOf(days) },
    latencyMs,
    logLimit: 0,
    onRequest,
    ...(removeEvery > 0 && { drift: { every: removeEvery, remove: 1 } }),
    ...((removeEvery > 0 || broken !== undefined) && { idField: ID_FIELD }),
  };
}

async function serve(options: StandInOptions): Promise<void> {
  const { broken } = options;
  let requests: ExportRequest[] = [];
  const api = await startFakeApi(optionsFor(options, (_number, request) => requests.push(request)));
  let mark = api.handle.mark();
  let rowsBefore = 0;

  const begin = () => {
    requests = [];
    mark = api.handle.mark();
    rowsBefore = api.stats.rowsServed;
    if (broken === undefined) return;
    const when = { requests: [mark + BROKEN_REQUEST - 1] };
    api.handle.setFaults([{ when, what: { kind: broken } }]);
  };
  const report = (withStayed: boolean): Seen => ({
    requests,
    maxOpen: api.stats.maxOpen,
    rows: api.stats.rowsServed - rowsBefore,
    stayed: withStayed ? [...api.handle.presentThroughout(mark)].map(({ id }) => id) : [],
  });

  process.on("message", (order) => {
    if (order === "begin") begin();
    process.send?.(report(order === "report-stayed"));
  });
  process.once("disconnect", () => void api.close());
  process.send?.(api.url);
}

const options: unknown = JSON.parse(process.argv[2] ?? "null");
if (!isStandInOptions(options)) throw new Error("not the options of a stand-in");
void serve(options);
