// The first 64 KiB of memory: what has a fixed place. Vectors grow behind it.
import { Vector } from './vector';

// A number as text; see text.as.
export const SCRATCH: usize = 0x40;
// What a line ends with that was cut; see line.as.
export const MARK: usize = 0x80;
// Where the record stands that is looked at: six words, which push/push-kernel.ts reads.
export const PLACE: usize = 0xe0;

// The batch. Zeros stand behind it.
export const input = changetype<Vector>(0x100);
// Where TypeScript leaves what it is asked for, and what it says unasked.
export const transfer = changetype<Vector>(0x110);
// Lines that TypeScript has written, and where each ends.
export const lines = changetype<Vector>(0x120);
export const lineEnds = changetype<Vector>(0x130);
// Of the record that is looked at: its attributes, and the values of those that are labels.
export const attributes = changetype<Vector>(0x140);
export const varying = changetype<Vector>(0x150);
// What is looked for in a map.
export const key = changetype<Vector>(0x160);
// The draft: the bytes of entries, their pieces, phrases, the entries.
export const bytes = changetype<Vector>(0x170);
export const pieces = changetype<Vector>(0x180);
export const phrases = changetype<Vector>(0x190);
export const entries = changetype<Vector>(0x1a0);
export const values = changetype<Vector>(0x1b0);
// Numbers of entries, by stream and time, and as many words to sort them with.
export const sorted = changetype<Vector>(0x1c0);
export const merged = changetype<Vector>(0x1d0);
export const slots = changetype<Vector>(0x1e0);
// These last from push to push.
export const names = changetype<Vector>(0x1f0);
export const nameTexts = changetype<Vector>(0x200);
export const streams = changetype<Vector>(0x210);
export const streamTexts = changetype<Vector>(0x220);
export const rows = changetype<Vector>(0x230);
export const usedStreams = changetype<Vector>(0x240);
export const arounds = changetype<Vector>(0x250);
export const output = changetype<Vector>(0x260);

export const NAME_MAP: usize = 0x300;
export const SCOPE_MAP: usize = 0x340;
export const ROW_MAP: usize = 0x380;

// Names of attributes by their place in the record.
export const RECENT_NAMES: usize = 0x400;
export const RECENT: u32 = 256;
export const SEVERITIES: usize = 0x800;
export const HEADS: usize = 0x2000;
export const HEAD_BITS: u32 = 10;
export const TEXT_INDEX: usize = 0x4000;
export const TEXT_BITS: u32 = 10;
export const VALUE_SLOTS: usize = 0x8000;
export const VALUE_BITS: u32 = 12;
