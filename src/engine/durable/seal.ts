import type { File } from './fs.ts';
import { encodeSeal } from './segment-format.ts';
import type { Segment } from './segment.ts';

/** Notes in the file what it holds, so that the next start need not look. Nothing may be appended afterwards. */
export async function sealSegment(file: File, segment: Segment, items: number): Promise<void> {
  const { first, limit, end, firstTime, doubtful } = segment;
  const seal = encodeSeal({ first, limit, end, items, firstTime, doubtful });
  await file.write([seal.bytes], seal.position);
  await file.sync();
}
