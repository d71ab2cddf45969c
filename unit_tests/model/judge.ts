import type { Emission } from "../../src/sync/emission.ts";
import type { World } from "./world.ts";

type Records = readonly Pick<Emission, "data">[];

/** Ids of the sessions among records. */
export function idsOf(records: Records): ReadonlySet<unknown> {
  return new Set(records.map(({ data }) => data["id"]));
}

/** Records of sessions, or versions of them, that never existed. */
export function invented(world: World, records: Records): Records {
  return records.filter(({ data }) => !world.existed(Number(data["id"]), Number(data["version"])));
}

/** Records that say again what an earlier one said. */
export function repeated(records: Records): Records {
  const said = new Set<string>();
  return records.filter(({ data }) => {
    const text = `${data["id"]} ${data["version"]}`;
    return said.size === said.add(text).size;
  });
}

/** Sessions that were there all the time and have not been emitted. */
export function lost(
  stayed: readonly { readonly id: number }[],
  emitted: ReadonlySet<unknown>,
): readonly number[] {
  return stayed.filter(({ id }) => !emitted.has(id)).map(({ id }) => id);
}
