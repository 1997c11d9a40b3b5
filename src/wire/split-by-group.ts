import { withBytes, type Batch, type Signal } from './batch.ts';
import { FieldReader } from './fields.ts';
import { ancestorOf, assembled, place, type Ancestor, type Part } from './pieces.ts';
import { countBelow, recordPath, type Range } from './tree.ts';

/**
 * Cuts a batch into one per group of records, in the order in which the groups first come up. `groups` has the group of each
 * record (log record, span or data point), a small number, in the order in which the records stand in the batch.
 */
export function splitByGroup<S extends Signal>(batch: Batch<S>, groups: ArrayLike<number>): Map<number, Batch<S>> {
  const first = groups[0] ?? 0;
  if (sameUntil(groups, 0, batch.count)) return new Map([[first, batch]]);
  return new GroupSplitter(batch, groups).run();
}

/** Whether the records from `from` to before `limit` are of one group. */
function sameUntil(groups: ArrayLike<number>, from: number, limit: number): boolean {
  for (let i = from + 1; i < limit; i++) if (groups[i] !== groups[from]) return false;
  return true;
}

interface Group {
  /** The messages that are open, the request first. */
  readonly open: Part[];
  request: Part | undefined;
  count: number;
}

class GroupSplitter<S extends Signal> {
  private readonly batch: Batch<S>;
  private readonly groups: ArrayLike<number>;
  private readonly path: readonly (readonly number[])[];
  private readonly found = new Map<number, Group>();
  private index = 0;

  constructor(batch: Batch<S>, groups: ArrayLike<number>) {
    this.batch = batch;
    this.groups = groups;
    this.path = recordPath[batch.signal];
  }

  run(): Map<number, Batch<S>> {
    const { batch } = this;
    this.walk([this.ancestor({ start: 0, end: batch.bytes.length }, 0, 0)]);
    return new Map(
      [...this.found].map(([key, { request, count }]) => [
        key,
        withBytes(batch, assembled(request as Part, batch.bytes), count),
      ]),
    );
  }

  /** What holds no record at all is left out. */
  private walk(line: readonly Ancestor[]): void {
    const { bytes } = this.batch;
    const { source } = line.at(-1) as Ancestor;
    const depth = line.length;
    const children = this.path[depth - 1] as readonly number[];
    const reader = new FieldReader(bytes, source.start, source.end);
    while (reader.next()) {
      if (reader.wireType !== 2 || !children.includes(reader.number)) continue;
      const inner = { start: reader.valueStart, end: reader.valueEnd };
      const records = countBelow(bytes, inner, this.path, depth);
      if (records === 0) continue;
      if (sameUntil(this.groups, this.index, this.index + records)) {
        this.append(line, { start: reader.start, end: reader.valueEnd }, records);
      } else this.walk([...line, this.ancestor(inner, reader.number * 8 + 2, depth)]);
    }
  }

  private append(line: readonly Ancestor[], piece: Range, records: number): void {
    const key = this.groups[this.index] ?? 0;
    let group = this.found.get(key);
    if (group === undefined) this.found.set(key, (group = { open: [], request: undefined, count: 0 }));
    place(group.open, line, piece);
    group.request ??= group.open[0];
    group.count += records;
    this.index += records;
  }

  private ancestor(source: Range, tag: number, depth: number): Ancestor {
    return ancestorOf(this.batch.bytes, source, tag, this.path[depth] as readonly number[]);
  }
}
