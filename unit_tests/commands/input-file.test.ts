import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { inFolder } from "../../integration_tests/input-files.ts";
import { readInputFile } from "../../src/commands/input-file.ts";
import { toConnectorError } from "../../src/errors.ts";

/** What is read of a file with this content; the error where there is one. */
function outcome(content: string | Buffer): Promise<unknown> {
  return inFolder(async (folder) => {
    const path = join(folder, "a file");
    await writeFile(path, content);
    try {
      return readInputFile(path, "configuration", "config_invalid");
    } catch (error) {
      return toConnectorError(error);
    }
  });
}

describe("readInputFile", () => {
  it.each([
    ['{"a": [1]}', { a: [1] }],
    ["\ufeff[1]", [1]],
    ["\r\n null\r\n", null],
  ])("reads %j", async (content, value) => {
    expect(await outcome(content)).toEqual(value);
  });

  it.each<[string | Buffer, RegExp]>([
    ["", /is empty/],
    [Buffer.from('\ufeff{"secret_key": "hush"}', "utf16le"), /is not UTF-8/],
    [Buffer.from('{"secret_key": "hush é"}', "latin1"), /is not UTF-8/],
    [" \n", /is empty/],
    ["\ufeff", /is empty/],
    ["{secret_key: hush}", /is not valid JSON/],
    ['{"secret_key": "hush"', /is not valid JSON/],
    ["{} {}", /is not valid JSON/],
    ["{} // comment", /is not valid JSON/],
    ["{,}", /is not valid JSON/],
    ["\0", /is not valid JSON/],
    [Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe]), /is not UTF-8/],
    ['{"a":'.repeat(100_000), /is not valid JSON/],
  ])("tells what is wrong, and nothing of what is in it", async (content, message) => {
    const error = await outcome(content);
    expect(error).toMatchObject({ code: "config_invalid", message: expect.stringMatching(message) });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/hush|secret_key/);
  });

  it("tells the path of a file that can't be read", async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "missing");
      expect(() => readInputFile(path, "state", "state_invalid")).toThrow(
        expect.objectContaining({ code: "file_unreadable", message: expect.stringContaining(path) }),
      );
    });
  });
});
