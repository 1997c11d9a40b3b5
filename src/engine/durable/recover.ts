import { join } from 'node:path';
import { AtomicFile } from './atomic-file.ts';
import { decodeCursor } from './cursor.ts';
import { CursorHint } from './cursor-hint.ts';
import type { FileSystem } from './fs.ts';
import type { Loss } from './queue.ts';
import { loadSegment, subtractConsumed, type Loaded, type Torn } from './scan.ts';
import { parseSegmentName } from './segment-format.ts';
import type { Segment } from './segment.ts';
import { SequenceSet } from './sequence-set.ts';

export interface DamagedTail {
  readonly path: string;
  readonly torn: Torn;
  /** Records below were safe on disk once; those from here on may never have been acknowledged. */
  readonly known: number;
}

export interface Recovered {
  readonly cursorFile: AtomicFile;
  readonly hint: CursorHint;
  readonly consumed: SequenceSet;
  /** Those with something left to consume, in order. */
  readonly segments: Segment[];
  /** The sequence of the next record to append. */
  readonly next: number;
  /** Records that no file has. */
  readonly losses: readonly Loss[];
  /** What the end of the last segment has that cannot be read. */
  readonly tail: DamagedTail | undefined;
  /** Those with nothing left. */
  readonly finished: readonly Segment[];
  /** Files that never held a record that was acknowledged. */
  readonly obsolete: readonly string[];
  /** Segments that a crash left open. */
  readonly unsealed: readonly Loaded[];
  readonly cursorDamaged: boolean;
}

/**
 * What a queue directory holds, derived from its segments and its cursor. Changes nothing. Reads no more than the first block
 * of a sealed segment; of one that is not sealed, or partly consumed, the frames.
 */
export async function recover(fs: FileSystem, directory: string): Promise<Recovered> {
  const cursorFile = new AtomicFile(fs, join(directory, 'cursor'));
  const { value, damaged } = await cursorFile.read();
  const cursor = value && decodeCursor(value);
  const hint = new CursorHint(fs, join(directory, 'cursor.hint'));
  const hinted = await hint.read();
  const { loaded, obsolete } = await loadSegments(fs, directory);
  const segments = loaded.map(({ segment }) => segment);
  const low = Math.max(cursor?.low ?? 1, hinted?.low ?? 1, segments[0]?.first ?? 1);
  const consumed = new SequenceSet(low, [...(cursor?.ranges ?? []), ...(hinted?.ranges ?? [])]);
  const known = Math.max(cursor?.next ?? 0, hinted?.next ?? 0);
  const next = Math.max(low, known, segments.at(-1)?.limit ?? 1);
  const tail = damagedTail(loaded.at(-1), known);
  if (tail !== undefined) consumed.add(tail.torn.first, Math.min(tail.torn.limit, tail.known));
  const losses = missingRecords(segments, consumed, next);
  for (const segment of segments) await subtractConsumed(fs, segment, consumed);
  const used = loaded.filter(({ segment }) => segment.remaining.records > 0);
  // One with nothing but a torn tail: its name is needed again.
  for (const { path, first, limit } of segments) if (limit === first) obsolete.push(path);
  return {
    cursorFile,
    hint,
    consumed,
    segments: used.map(({ segment }) => segment),
    next,
    losses,
    tail,
    finished: segments.filter(({ remaining, first, limit }) => remaining.records === 0 && limit > first),
    obsolete,
    unsealed: used.filter(({ sealed }) => !sealed),
    cursorDamaged: damaged,
  };
}

async function loadSegments(fs: FileSystem, directory: string): Promise<{ loaded: Loaded[]; obsolete: string[] }> {
  const names = await fs.list(directory);
  const obsolete = names.filter((name) => name.startsWith('spare')).map((name) => join(directory, name));
  const found = names.flatMap((name) => {
    const range = parseSegmentName(name);
    return range === undefined ? [] : [{ name, ...range }];
  });
  found.sort((a, b) => b.first - a.first);
  const loaded: Loaded[] = [];
  // From the last to the first: a segment ends where the next one begins.
  let next = Number.POSITIVE_INFINITY;
  for (const { name, first, limit } of found) {
    const path = join(directory, name);
    const one = await loadSegment(fs, path, first, Math.min(next, limit));
    if (one === undefined) obsolete.push(path);
    else {
      loaded.unshift(one);
      next = first;
    }
  }
  return { loaded, obsolete };
}

function damagedTail(last: Loaded | undefined, known: number): DamagedTail | undefined {
  if (last?.torn === undefined) return undefined;
  return { path: last.segment.path, torn: last.torn, known };
}

/** Sequences that no file has and that were not consumed. They count as consumed from now on. */
function missingRecords(segments: readonly Segment[], consumed: SequenceSet, next: number): Loss[] {
  const losses: Loss[] = [];
  let at = consumed.low;
  const bounds = [...segments.map(({ first, limit }) => ({ first, limit })), { first: next, limit: next }];
  for (const { first, limit } of bounds) {
    for (const hole of consumed.missing(at, first)) {
      losses.push({ reason: 'missing', ...hole, items: undefined, segment: undefined, quarantined: undefined });
      consumed.add(hole.first, hole.limit);
    }
    at = Math.max(at, limit);
  }
  return losses;
}
