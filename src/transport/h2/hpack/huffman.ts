import { codeLengths } from './huffman-lengths.ts';

/** Thrown for bytes that are no Huffman text of RFC 7541: an EOS symbol, or padding that is too long or not all ones. */
export class HuffmanError extends Error {
  override readonly name = 'HuffmanError';
}

const eos = 256;
const codes = canonicalCodes();
const table = decodeTable();

/** The code is canonical: shorter codes first, symbols in order within a length. */
function canonicalCodes(): Uint32Array {
  const result = new Uint32Array(codeLengths.length);
  let code = 0;
  for (let length = 5; length <= 30; length++) {
    for (let symbol = 0; symbol < codeLengths.length; symbol++) {
      if (codeLengths[symbol] === length) result[symbol] = code++;
    }
    code *= 2;
  }
  return result;
}

/**
 * A trie of 256-way nodes, eight bits a step. A leaf is `symbol << 8 | bits used in this node`; an inner entry is minus the
 * offset of the next node.
 */
function decodeTable(): Int32Array {
  const nodes: Int32Array[] = [new Int32Array(256)];
  for (let symbol = 0; symbol < codeLengths.length; symbol++) {
    let left = codeLengths[symbol] as number;
    const code = codes[symbol] as number;
    let node = nodes[0] as Int32Array;
    for (; left > 8; left -= 8) {
      const step = (code >>> (left - 8)) & 0xff;
      if (node[step] === 0) {
        node[step] = -nodes.length * 256;
        nodes.push(new Int32Array(256));
      }
      node = nodes[-(node[step] as number) / 256] as Int32Array;
    }
    const first = (code << (8 - left)) & 0xff;
    node.fill((symbol << 8) | left, first, first + (1 << (8 - left)));
  }
  const flat = new Int32Array(nodes.length * 256);
  nodes.forEach((node, index) => flat.set(node, index * 256));
  return flat;
}

/** Decodes `bytes[start, end)` into `out` at 0 and gives the length. `out` must hold 8/5 of the input. */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let written = 0;
  let current = 0;
  let bits = 0;
  let node = 0;
  /** Bits since the last whole symbol. */
  let open = 0;
  for (let at = start; at < end; at++) {
    current = ((current << 8) | (bytes[at] as number)) & 0xffff;
    bits += 8;
    open += 8;
    while (bits >= 8) {
      const entry = table[node + ((current >>> (bits - 8)) & 0xff)] as number;
      if (entry > 0) {
        const symbol = entry >>> 8;
        if (symbol === eos) throw new HuffmanError('the text holds an EOS symbol');
        out[written++] = symbol;
        bits -= entry & 0xff;
        open = bits;
        node = 0;
      } else {
        node = -entry;
        bits -= 8;
      }
    }
  }
  while (bits > 0) {
    const entry = table[node + ((current << (8 - bits)) & 0xff)] as number;
    if (entry <= 0 || (entry & 0xff) > bits) break;
    const symbol = entry >>> 8;
    if (symbol === eos) throw new HuffmanError('the text holds an EOS symbol');
    out[written++] = symbol;
    bits -= entry & 0xff;
    open = bits;
    node = 0;
  }
  const ones = (1 << bits) - 1;
  if (open > 7 || (current & ones) !== ones) throw new HuffmanError('the padding is not the start of EOS');
  return written;
}

/** Bytes that `text` (Latin-1) takes in Huffman code. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let at = 0; at < text.length; at++) bits += codeLengths[text.charCodeAt(at) & 0xff] as number;
  return Math.ceil(bits / 8);
}

/** Writes `text` (Latin-1) in Huffman code at `at` and gives the end. */
export function encodeHuffman(text: string, out: Uint8Array, at: number): number {
  let current = 0n;
  let bits = 0;
  for (let index = 0; index < text.length; index++) {
    const symbol = text.charCodeAt(index) & 0xff;
    const length = codeLengths[symbol] as number;
    current = (current << BigInt(length)) | BigInt(codes[symbol] as number);
    bits += length;
    while (bits >= 8) {
      bits -= 8;
      out[at++] = Number((current >> BigInt(bits)) & 0xffn);
    }
    current &= (1n << BigInt(bits)) - 1n;
  }
  if (bits > 0) out[at++] = Number(((current << BigInt(8 - bits)) | ((1n << BigInt(8 - bits)) - 1n)) & 0xffn);
  return at;
}
