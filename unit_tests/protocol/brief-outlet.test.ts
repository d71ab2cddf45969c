import { PassThrough } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { createBriefOutlet } from "../../src/protocol/brief-outlet.ts";
import { createLineWriter } from "../../src/protocol/line-writer.ts";

/** What two writes of a line each come to, where the first `room` bytes are taken at once. */
function setUp(room: number) {
  const now: Buffer[] = [];
  const stream = new PassThrough();
  let left = room;
  let opened = 0;
  const outlet = createBriefOutlet(
    (bytes) => {
      if (left === 0) throw Object.assign(new Error("full"), { code: "EAGAIN" });
      const taken = Math.min(left, bytes.length);
      now.push(Buffer.from(bytes.subarray(0, taken)));
      left -= taken;
      return taken;
    },
    () => {
      opened += 1;
      return stream;
    },
  );
  return {
    writer: createLineWriter(outlet),
    stream,
    opened: () => opened,
    text: () => Buffer.concat([...now, stream.read() ?? Buffer.alloc(0)]).toString(),
  };
}

describe("an outlet for few words", () => {
  it("opens no stream where all is taken at once", async () => {
    const { writer, opened, text } = setUp(100);
    await writer.write(["one"]);
    await writer.write(["two"]);
    expect(text()).toBe("one\ntwo\n");
    expect(opened()).toBe(0);
  });

  it.each([0, 1, 4, 5, 7])("leaves what does not fit into %d bytes to a stream, in order", async (room) => {
    const { writer, opened, text } = setUp(room);
    await writer.write(["one"]);
    await writer.write(["two"]);
    expect(text()).toBe("one\ntwo\n");
    expect(opened()).toBe(1);
  });

  it("tells of what happens to the stream", async () => {
    const { writer, stream } = setUp(0);
    await writer.write(["one"]);
    expect(writer.gone.aborted).toBe(false);
    stream.emit("error", new Error("the reader has gone"));
    expect(writer.gone.aborted).toBe(true);
  });
});
