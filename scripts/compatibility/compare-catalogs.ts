/** Compares two versions of what `discover` says: whoever reads the tables must find the same columns in them. */
import { type Change, type Fields, fieldsOf, isFields, isSame, type Size, textsOf } from "./change.ts";
import { compareNamed, without } from "./compare-named.ts";

const TOLD = ["$schema", "title", "description"];

/** What has changed from one version of a catalog (AirbyteCatalog) to the next. */
export function compareCatalogs(before: Fields, after: Fields): readonly Change[] {
  return compareNamed(streamsOf(before), streamsOf(after), {
    kind: "stream",
    path: "",
    compare: compareStreams,
  });
}

function streamsOf(catalog: Fields): Fields {
  const streams = [catalog["streams"]].flat().filter(isFields);
  return Object.fromEntries(streams.map((stream) => [String(stream["name"]), stream]));
}

function compareStreams(before: Fields, after: Fields, name: string): readonly Change[] {
  const [oldModes, newModes] = [
    textsOf(before, "supported_sync_modes"),
    textsOf(after, "supported_sync_modes"),
  ];
  const compared = ["json_schema", "supported_sync_modes"];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const others = keys.filter((key) => !compared.includes(key) && !isSame(before[key], after[key]));
  return [
    ...without(oldModes, newModes).map(change("major", (mode) => `${name}: no ${mode} any more`)),
    ...without(newModes, oldModes).map(change("minor", (mode) => `${name}: ${mode} is new`)),
    ...others.map(change(sizeOfOther(before, after), (key) => `${name}: another ${key}`)),
    ...compareColumns(fieldsOf(before, "json_schema"), fieldsOf(after, "json_schema"), name),
  ];
}

function change(size: Size, what: (text: string) => string) {
  return (text: string): Change => ({ size, what: what(text) });
}

/** A stream that can be resumed, and could not, takes nothing from anybody; any other difference does. */
function sizeOfOther(before: Fields, after: Fields): Size {
  const { is_resumable: was, ...oldRest } = before;
  const { is_resumable: is, ...newRest } = after;
  const compared = ({ json_schema: _schema, supported_sync_modes: _modes, ...rest }: Fields) => rest;
  return was !== true && is === true && isSame(compared(oldRest), compared(newRest)) ? "minor" : "major";
}

function compareColumns(before: Fields, after: Fields, path: string): readonly Change[] {
  const apart = ["properties", "items", "required"];
  const keywords = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const [oldRequired, newRequired] = [textsOf(before, "required"), textsOf(after, "required")];
  const [oldItems, newItems] = [fieldsOf(before, "items"), fieldsOf(after, "items")];
  return [
    ...keywords
      .filter((keyword) => !apart.includes(keyword) && !isSame(before[keyword], after[keyword]))
      .map((keyword) =>
        change(TOLD.includes(keyword) ? "patch" : "major", () => `${path}: another ${keyword}`)(keyword),
      ),
    ...without(oldRequired, newRequired).map(change("major", (name) => `${path}: ${name} may be absent`)),
    ...without(newRequired, oldRequired).map(change("minor", (name) => `${path}: ${name} is always there`)),
    ...(isSame(oldItems, newItems) ? [] : compareColumns(oldItems, newItems, `${path}[]`)),
    ...compareNamed(fieldsOf(before, "properties"), fieldsOf(after, "properties"), {
      kind: "column",
      path,
      compare: compareColumns,
    }),
  ];
}
