// DEFLATE, RFC 1951, of one chunk at a time, at a fast level: of all places where the next eight bytes may have stood before, the
// last one is looked at, and what is found is taken. In AssemblyScript.
import { align, at, begin, flush, put } from './bits';
import { writeBlock } from './block';
import { findMatches, forget, leave } from './matches';
import { INPUT, MEMORY_END, OUTPUT } from './memory';
import { fillTables } from './symbols';

// Lengths of an empty stored block, which ends a chunk that is not the last, so that the next begins with a whole byte.
const EMPTY: u64 = 0xffff0000;

memory.grow(<i32>(MEMORY_END >> 16) - memory.size());
fillTables();

// Compresses the input, which refers to nothing before it. Returns how many bytes the output has; they can stand behind those of
// other chunks.
export function deflate(length: usize, isLast: bool): usize {
  begin();
  forget(length);
  const end = INPUT + length;
  let from = INPUT;
  do {
    const to = findMatches(from, end);
    writeBlock(from, to, isLast && to == end);
    from = to;
  } while (from < end);
  if (isLast) align();
  else {
    put(0, 3);
    align();
    put(EMPTY, 32);
    flush();
  }
  leave(length);
  return at - OUTPUT;
}
