export { compress, levelFault } from './compress.ts';
export { isIdentity, isKnown } from './codecs.ts';
export { decompress, inlineInput } from './decompress.ts';
export { CompressionError } from './errors.ts';
export { decompressStream } from './stream.ts';
