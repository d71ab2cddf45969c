/** docs/integrations/browsee.md is to be handed in to Airbyte unchanged: in the order of its template, and complete. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { version } from "../package.json";
import { properties as columns } from "../schemas/sessions.json";
import { connectionSpecification as form } from "../spec.json";

const PAGE = readFileSync(join(__dirname, "..", "docs", "integrations", "browsee.md"), "utf8");

/** The template's headings, and two of our own where it allows them. */
const HEADINGS = [
  "# Browsee",
  "## Prerequisites",
  "## Setup guide",
  "## Set up Browsee",
  "## Set up the Browsee connector in Airbyte",
  "### For Airbyte Cloud:",
  "### For Airbyte Open Source:",
  "## Fields of the source",
  "## Supported sync modes",
  "## Supported Streams",
  "### Performance considerations",
  "## Data type map",
  "## Limitations & Troubleshooting",
  "## IP allow list",
  "## Changelog",
];

/** Texts that Airbyte's checks look for, word by word. */
const PHRASES = [
  "# Browsee\n\n<HideInUI>\n\nThis page contains the setup guide and reference information for the [Browsee](https://browsee.io) source connector.\n\n</HideInUI>\n",
  "1. [Log into your Airbyte Cloud](https://cloud.airbyte.com/workspaces) account.\n2. Click Sources and then click + New source.\n3. On the Set up the source page, select Browsee from the Source type dropdown.\n4. Enter a name for the Browsee connector.\n",
  "1. Navigate to the Airbyte Open Source dashboard.\n",
  "The Browsee source connector supports the following [sync modes](https://docs.airbyte.com/cloud/core-concepts/#connection-sync-modes):\n",
  "If you use Airbyte Cloud and your organization restricts access to specific IPs, add the [Airbyte Cloud IP addresses](/platform/operating-airbyte/ip-allowlist) to your allow list.\n",
  "## Changelog\n\n<details>\n  <summary>Expand to review</summary>\n\n| Version | Date       | Pull Request | Subject         |\n| :------ | :--------- | :----------- | :-------------- |\n",
];

/** A part of the page, from its heading to the next. */
function section(heading: string): string {
  const [, rest = ""] = PAGE.split(`\n${heading}\n`);
  return rest.split(/\n##+ /)[0] ?? "";
}

describe("docs/integrations/browsee.md", () => {
  it("has the template's headings in its order", () => {
    expect(PAGE.split("\n").filter((line) => line.startsWith("#"))).toEqual(HEADINGS);
  });

  it.each(PHRASES)("has the template's words %j", (phrase) => {
    expect(PAGE).toContain(phrase);
  });

  it("names each required field in the prerequisites, and each field that is shown", () => {
    const required = Object.entries(form.properties).filter(([name]) => form.required.includes(name));
    expect(required).toHaveLength(2);
    for (const [, { title }] of required) expect(section("## Prerequisites")).toContain(`**${title}**`);
    for (const [name, field] of Object.entries(form.properties)) {
      const anchor = `<FieldAnchor field="${name}">\n\n- **${field.title}**`;
      expect([name, PAGE.includes(anchor)]).toEqual([name, !("airbyte_hidden" in field)]);
    }
  });

  it("has a row for each column, with its type", () => {
    const rows = [...section("## Supported Streams").matchAll(/^\| `(\w+)` \| ([a-z ]+) \| .+\. \|$/gm)];
    const types = Object.entries(columns).map(([name, column]) => [
      name,
      "format" in column ? "timestamp with timezone" : [column.type].flat()[0],
    ]);
    expect(rows.map(([, name, type]) => [name, type])).toEqual(types);
  });

  it("has this version at the top of its changelog", () => {
    expect(/^\| (\d\S*) /m.exec(section("## Changelog"))?.[1]).toBe(version);
  });
});
