import { type FileHandle, open } from "node:fs/promises";
import type { Emission } from "../sync/emission.ts";
import { asidePath, findPlace, replaceByAside } from "./append-place.ts";
import { targetError } from "./file-trouble.ts";
import type { LineForm } from "./line-form.ts";
import { type SideState, writeSideState } from "./side-state.ts";
import type { Sink } from "./sink.ts";
import type { SinkOptions } from "./sink-options.ts";

/** They wait in memory, and cost no less where there are more. */
const CHARACTERS_A_COMMIT = 4_000_000;

/**
 * A file of lines that is appended to. Its state covers so many bytes of it; what stands behind them after a
 * cut-off is taken away again.
 * @throws ConnectorError target_unusable, or an error of the file system
 */
export async function openAppendSink(options: SinkOptions, form: LineForm): Promise<Sink> {
  const { stream, project, lock } = options;
  const columns = stream.columns.map(({ name }) => name);
  const place = await findPlace(options);
  if (form.fixedColumns && place.before !== undefined)
    checkColumns(options.path, place.before.columns, columns);
  const file = createTail(place.path, place.before);
  let buffer = file.end() === 0 ? form.header(columns) : "";
  let state = place.before?.state ?? undefined;
  let whole = true;

  async function save(writing: boolean): Promise<void> {
    lock.check();
    const bytes = file.end();
    const side = { stream: stream.name, project, columns, bytes, writing, state: state ?? null };
    await writeSideState(place.path, side);
  }

  async function flush(): Promise<void> {
    const text = buffer;
    buffer = "";
    lock.check();
    whole = false;
    // Whoever finds the file longer than its state says has to know why.
    if (await file.open()) await save(true);
    await file.append(text);
  }

  return {
    file: options.path,
    table: undefined,
    state,
    notes: place.notes,
    charactersACommit: CHARACTERS_A_COMMIT,
    async write(batch: readonly Emission[]) {
      const text = form.lines(batch, columns);
      buffer += text;
      return text.length;
    },
    async commit(next) {
      await flush();
      state = next;
      await save(true).catch(async (error: unknown) => {
        await file.undo();
        throw error;
      });
      whole = true;
    },
    async finish() {
      await flush();
      await save(false);
      await file.close();
      if (place.path === asidePath(options.path)) await replaceByAside(options.path);
    },
    changes: () => undefined,
    starts: () => undefined,
    holdings: async () => undefined,
    async close() {
      try {
        if (whole && file.isOpen()) await save(false);
      } finally {
        await file.close();
      }
    },
  };
}

function checkColumns(path: string, found: readonly string[], wanted: readonly string[]): void {
  if (found.join() === wanted.join()) return;
  const sentence = `${path} has other columns: ${found.join(",")}. Use --select with these, --full to write the file anew, or another path.`;
  throw targetError("target_unusable", sentence);
}

/** The end of a file, to which whole texts are added. */
interface Tail {
  /** Makes the file, or takes away what stands behind its end. @returns false if that was done before */
  open(): Promise<boolean>;
  isOpen(): boolean;
  /** Adds a text and has it on disk, or leaves the file as it was. */
  append(text: string): Promise<void>;
  /** Takes the last text away again. */
  undo(): Promise<void>;
  /** Bytes. */
  end(): number;
  close(): Promise<void>;
}

/** @param before undefined for a file that is to be made */
function createTail(path: string, before: SideState | undefined): Tail {
  let handle: FileHandle | undefined;
  let end = before?.bytes ?? 0;
  let last = end;

  async function opened(): Promise<FileHandle> {
    if (handle !== undefined) return handle;
    handle = await open(path, before === undefined ? "w" : "r+");
    await handle.truncate(end);
    return handle;
  }

  async function undo(): Promise<void> {
    end = last;
    await handle?.truncate(end);
  }

  return {
    async open() {
      const first = handle === undefined;
      await opened();
      return first;
    },
    isOpen: () => handle !== undefined,
    end: () => end,
    undo,
    async append(text) {
      const file = await opened();
      last = end;
      try {
        const bytes = Buffer.from(text);
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, done, bytes.length - done, end + done);
          done += bytesWritten;
        }
        await file.datasync();
        end += bytes.length;
      } catch (error) {
        await undo();
        throw error;
      }
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}
