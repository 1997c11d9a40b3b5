import type { Draft } from './draft.ts';
import type { EntryOrder, PushedStream } from './order.ts';
import type { Output } from './output.ts';
import { PlainOutput } from './plain-output.ts';
import { SnappyOutput } from './snappy-output.ts';

const streamTag = 0x0a;
const labelsTag = 0x0a;

/** Writes push requests with some of the streams of a draft. */
export class PushWriter {
  private readonly draft: Draft;
  private readonly order: EntryOrder;
  private readonly inSnappy = new SnappyOutput();
  private readonly asItIs = new PlainOutput();

  constructor(draft: Draft, order: EntryOrder) {
    this.draft = draft;
    this.order = order;
  }

  snappy(streams: readonly PushedStream[]): Uint8Array {
    return this.write(streams, this.inSnappy);
  }

  plain(streams: readonly PushedStream[]): Uint8Array {
    return this.write(streams, this.asItIs);
  }

  private write(streams: readonly PushedStream[], output: Output): Uint8Array {
    const size = streams.reduce((sum, { start, end }) => sum + end - start, 0);
    output.begin(this.draft, size);
    for (const stream of streams) {
      this.head(stream, output);
      const entries = this.order.entries(stream.stream);
      for (let k = 0; k < entries.length; k++) output.entry(entries[k]!);
    }
    return output.take();
  }

  /** What stands in front of the entries of a stream. */
  private head({ stream }: PushedStream, output: Output): void {
    const { bytes } = this.draft;
    const start = bytes.at;
    const labels = Buffer.from(stream.text);
    bytes.ensure(32 + labels.length);
    bytes.array[bytes.at++] = streamTag;
    bytes.varint(this.order.size(stream));
    bytes.array[bytes.at++] = labelsTag;
    bytes.varint(labels.length);
    bytes.put(labels);
    output.text(start, bytes.at);
  }
}
