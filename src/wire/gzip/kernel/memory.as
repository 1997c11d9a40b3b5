// Memory: the tables of one block, the places of words seen before, the sequences of a block, and input and output of a chunk.

// What a length of 3 to 258 is called: u8, the symbol less 256.
export const LENGTH_SYMBOLS: usize = 0x1000;
// How often each symbol occurs: u32. The three alphabets of a block are in one row each.
export const LITERAL_COUNTS: usize = 0x2000;
export const DISTANCE_COUNTS: usize = 0x2500;
export const PRECODE_COUNTS: usize = 0x2600;
// How many bits the code of each symbol has: u8.
export const LITERAL_LENGTHS: usize = 0x3000;
export const DISTANCE_LENGTHS: usize = 0x3200;
export const PRECODE_LENGTHS: usize = 0x3300;
// The same of the code that nobody has to send.
export const FIXED_LITERAL_LENGTHS: usize = 0x3400;
export const FIXED_DISTANCE_LENGTHS: usize = 0x3600;
// The code of each symbol, its first bit lowest, and from bit 24 on how many bits it has: u32.
export const LITERAL_CODES: usize = 0x4000;
export const DISTANCE_CODES: usize = 0x4500;
export const PRECODE_CODES: usize = 0x4600;
// The same for lengths of 3 to 258, with the extra bits in it.
export const LENGTH_CODES: usize = 0x5000;
// Where a code is made: the symbols that occur, and what becomes of them.
export const SORTED: usize = 0x6000;
export const LEVELS: usize = 0x6800;
// The lengths of a block's codes as its header says them.
export const RUNS: usize = 0x7000;

// Where each word was seen last: u32, by its hash.
export const HASH_BITS: u32 = 14;
export const PLACES: usize = 0x10000;
// A sequence: u32 literals, then u16 the length of the match behind them, 0 for none, and u16 its distance less 1.
export const SEQUENCES: usize = 0x20000;
export const SEQUENCES_END: usize = 0x40000;
// Words in front of it and vectors behind it can be read.
export const INPUT: usize = 0x50000;
export const MOST_INPUT: usize = 0x40000;
export const OUTPUT: usize = 0xa0000;
export const MEMORY_END: usize = 0xf0000;

// The last two stand for nothing, but the fixed code has them.
export const END_OF_BLOCK: usize = 256;
export const LITERAL_SYMBOLS: usize = 288;
export const DISTANCE_SYMBOLS: usize = 30;
export const PRECODE_SYMBOLS: usize = 19;
