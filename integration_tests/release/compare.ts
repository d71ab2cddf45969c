import type { Change } from "../../scripts/compatibility/change.ts";
import { fieldsOf, isSame } from "../../scripts/compatibility/change.ts";
import { compareCatalogs } from "../../scripts/compatibility/compare-catalogs.ts";
import { compareForms } from "../../scripts/compatibility/compare-forms.ts";
import type { Interface } from "./interface.ts";

/** What has changed from one version to another, as far as it can be seen without running the older one. */
export function compareInterfaces(before: Interface, after: Interface): readonly Change[] {
  const formOf = ({ spec }: Interface) => fieldsOf(spec, "connectionSpecification");
  const keys: readonly Change[] = isSame(before.sessionKeys, after.sessionKeys)
    ? []
    : [{ size: "major", what: "sessionKey: another recipe" }];
  return [
    ...compareForms(formOf(before), formOf(after)),
    ...compareCatalogs(before.catalog, after.catalog),
    ...keys,
  ];
}
