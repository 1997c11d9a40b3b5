import { PermanentError, RecordScan, type Batch } from 'sluice/plugin';
import type { Config } from './config.ts';
import { RecordWriter } from './record-writer.ts';
import { Targets, type Target } from './target.ts';

/** What goes out in one request. */
export interface Outgoing extends Target {
  readonly body: Uint8Array;
  /** The places of its records in the batch. */
  readonly indices: readonly number[];
}

/** Requests for a batch, and the records that can go nowhere, by reason. */
export interface Cut {
  readonly requests: readonly Outgoing[];
  readonly impossible: ReadonlyMap<string, readonly number[]>;
}

interface Group {
  readonly target: Target;
  readonly indices: number[];
}

const newline = Buffer.from('\n');
const comma = Buffer.from(',');

/** Writes the requests of a batch: one for each URL and set of headers. */
export class RequestBuilder {
  private readonly scan = new RecordScan();
  private readonly targets: Targets;
  private readonly writer: RecordWriter;
  private readonly inList: boolean;

  constructor(config: Config) {
    this.targets = new Targets(config, this.scan);
    this.writer = new RecordWriter(config, this.scan);
    this.inList = config.format === 'json_array';
  }

  build(batch: Batch): Cut {
    const { scan, writer } = this;
    const groups = new Map<string, Group>();
    const impossible = new Map<string, number[]>();
    /** Where the object of each record ends in the output, with what follows it. */
    const ends: number[] = [];
    let last: Group | undefined;
    scan.cut(0);
    scan.begin(batch);
    writer.begin();
    for (let index = 0; scan.next(); index++) {
      try {
        const target = this.targets.of(batch);
        if (last?.target !== target) last = groupOf(groups, target);
        writer.write(batch, index);
        scan.raw(this.inList ? comma : newline);
        last.indices.push(index);
      } catch (error) {
        if (!(error instanceof PermanentError)) throw error;
        const indices = impossible.get(error.message);
        if (indices === undefined) impossible.set(error.message, [index]);
        else indices.push(index);
      }
      ends.push(scan.length);
    }
    const output = scan.take();
    const all = [...groups.values()];
    return { requests: all.map((group) => this.request(group, all.length === 1, output, ends)), impossible };
  }

  private request({ target, indices }: Group, whole: boolean, output: Uint8Array, ends: readonly number[]): Outgoing {
    // Records that can go nowhere have written nothing, so the only group is all of the output.
    const pieces = whole ? [output] : indices.map((i) => output.subarray(ends[i - 1] ?? 0, ends[i]));
    const body = this.inList ? listOf(pieces) : whole ? output : Buffer.concat(pieces);
    return { ...target, body, indices };
  }
}

/** Objects with a comma behind each as a list. */
function listOf(pieces: readonly Uint8Array[]): Uint8Array {
  const list = Buffer.concat([Buffer.from('['), ...pieces]);
  list[list.length - 1] = 0x5d;
  return list;
}

function groupOf(groups: Map<string, Group>, target: Target): Group {
  const key = [target.url, ...Object.entries(target.headers).flat()].join('\n');
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group = { target, indices: [] };
  groups.set(key, group);
  return group;
}
