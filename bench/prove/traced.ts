import { EPOCH } from "../../unit_tests/model/case.ts";
import type { Reader } from "../../unit_tests/model/reader.ts";

/** A reader that prints each request, record and state; times in s since the start date. */
export function traced(reader: Reader, print: (line: string) => void): Reader {
  const second = (ms: number) => (ms / 1000 - EPOCH).toFixed(1);
  return (surroundings, state, bounds) => {
    print(`RUN to ${bounds.now - EPOCH} from ${JSON.stringify(state) ?? "nothing"}`);
    const { fetch, records, checkpoint } = surroundings;
    return reader(
      {
        ...surroundings,
        async fetch(query) {
          const answer = await fetch(query);
          const span = `${query.start - EPOCH} to ${query.end - EPOCH} from ${query.from}`;
          const rows = answer.rows.map(({ id, version, at }) => `${id}v${version}@${second(at)}`);
          print(`ask ${span}: ${answer.rows.length} of ${answer.total}: ${rows.join(" ")}`);
          return answer;
        },
        async records(batch) {
          print(`  write ${batch.map(({ key, id, version }) => `${key}=${id}v${version}`).join(", ")}`);
          await records(batch);
        },
        async checkpoint(next) {
          print(`  STATE ${JSON.stringify(next)}`);
          await checkpoint(next);
        },
        report: (event) => print(`  ${JSON.stringify(event)}`),
      },
      state,
      bounds,
    );
  };
}
