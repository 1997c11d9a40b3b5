import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { garbageCollector } from './garbage-collector.ts';

/*
 * V8 counts the memory of buffers into its old generation, whose limit lies only some 12 MiB above what was alive last: under load
 * it goes over the whole heap for every 12 MiB of bodies, nearly all of them dead by then. A collection of the young objects
 * finds the dead ones at a twentieth of the cost, but V8 comes to it only when its young space is full, which buffers hardly
 * fill. So it is asked for here, and a small heap gets more room above what is alive. The young space, on the other hand, would
 * grow to 128 MiB, all of which stays resident, for the sake of objects that live for as long as a request takes.
 */

/** Bytes of buffers between two collections of the young objects. */
const everyBytes = 8 * 1024 * 1024;
/** A collection is followed by so many times its own length without one: with much alive, it costs more than it saves. */
const restFactor = 8;
/** Room above what is alive, before V8 goes over the whole heap. A heap larger than this has as much by V8's own rules. */
const roomBytes = 28 * 1024 * 1024;
/** The young space, both halves of it, grows up to this, and only while so much of it is in use. */
const youngBytes = 32 * 1024 * 1024;
const filled = 0.2;
/** Collections after which the room is set anew. */
const everyRounds = 64;

/**
 * Calls `collect` whenever so many bytes were counted that it is worth it, and not before some time after the last call that
 * grows with what that one took. `now` is in milliseconds.
 */
export function paced(collect: () => void, now: () => number): (bytes: number) => void {
  let made = 0;
  let restUntil = 0;
  return (bytes) => {
    made += bytes;
    if (made < everyBytes) return;
    const start = now();
    if (start < restUntil) return;
    made = 0;
    collect();
    const end = now();
    restUntil = end + restFactor * (end - start);
  };
}

let collect: (() => void) | undefined;

/** Takes note of buffers that were made for data on its way, in bytes. */
export const countExternal = paced(
  () => (collect ??= collector())(),
  () => performance.now(),
);

/** By what V8 multiplies the young space when it grows; 2 is its own. */
let growth = 2;

function collector(): () => void {
  try {
    const collectGarbage = garbageCollector();
    let round = 0;
    return () => {
      if (round++ % everyRounds === 0) setRoom();
      boundYoung();
      collectGarbage({ type: 'minor' });
    };
  } catch {
    // Whoever embeds us may have frozen the flags: then V8 does as it always did.
    return () => {};
  }
}

function setRoom(): void {
  const used = getHeapStatistics().used_heap_size;
  const percent = used < roomBytes ? Math.ceil((100 * roomBytes) / used) : 0;
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

/**
 * Before a collection: V8 lets the young space grow with all that ever survived, and collections that are asked for add to that
 * however empty it is. So it may grow only where it is being filled.
 */
function boundYoung(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  const grows =
    young !== undefined && young.space_size < youngBytes && young.space_used_size > filled * young.space_size;
  const factor = grows ? 2 : 1;
  if (factor === growth) return;
  growth = factor;
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}
