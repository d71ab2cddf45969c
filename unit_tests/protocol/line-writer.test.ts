import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createLineWriter } from "../../src/protocol/line-writer.ts";

/** A reader that takes nothing until it is told to, and then everything that has been written by then. */
function slowReader() {
  const taken: Buffer[] = [];
  let pending: (() => void) | undefined;
  const stream = new Writable({
    highWaterMark: 10,
    write(chunk: Buffer, _encoding, done) {
      taken.push(chunk);
      pending = done;
    },
  });
  const take = async () => {
    const done = pending;
    pending = undefined;
    done?.();
    await new Promise(setImmediate);
  };
  return { stream, take, text: () => Buffer.concat(taken).toString() };
}

/** Whether a promise has been resolved by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol("open");
  await new Promise(setImmediate);
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}

/** Line breaks besides "\n" are written as JSON escapes them. */
function asWritten(line: string): string {
  return line.replaceAll("\u0085", "\\u0085").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

describe("lines", () => {
  it("are written in UTF-8, whole and in order, whatever is in them", async () => {
    const letter = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 1 }),
      fc.constantFrom("\u0085", "\u2028", "\u2029"),
    );
    const lines = fc.array(fc.string({ unit: letter }));
    await fc.assert(
      fc.asyncProperty(fc.array(lines), async (batches) => {
        const stream = new PassThrough();
        const out = createLineWriter(stream);
        const writing = batches.map((lines) => out.write(lines));
        stream.resume();
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        await Promise.all(writing);
        stream.end();
        await new Promise((resolve) => stream.once("end", resolve));
        expect(Buffer.concat(chunks).toString()).toBe(
          batches
            .flat()
            .map((line) => `${asWritten(line)}\n`)
            .join(""),
        );
      }),
    );
  });

  it("wait for a slow reader, each batch for itself", async () => {
    const { stream, take, text } = slowReader();
    const out = createLineWriter(stream);
    const first = out.write(["more than ten bytes"]);
    const second = out.write(["and more"]);
    expect([await isDone(first), await isDone(second)]).toEqual([false, false]);
    await take();
    await take();
    expect([await isDone(first), await isDone(second)]).toEqual([true, true]);
    expect(text()).toBe("more than ten bytes\nand more\n");
    const third = out.write(["and once again more"]);
    expect(await isDone(third)).toBe(false);
    await take();
    expect(await isDone(third)).toBe(true);
  });

  it("are dropped when the reader has gone, and nobody waits any more", async () => {
    const { stream, text } = slowReader();
    const out = createLineWriter(stream);
    const waiting = out.write(["more than ten bytes"]);
    const gone = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    stream.destroy(gone);
    expect(await isDone(waiting)).toBe(true);
    expect(out.gone.aborted).toBe(true);
    expect(out.gone.reason).toBe(gone);
    expect(await isDone(out.write(["never"]))).toBe(true);
    expect(text()).toBe("more than ten bytes\n");
  });
});
