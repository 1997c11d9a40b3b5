import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decoder, HpackError } from './decoder.ts';
import { Encoder, FixedHeaders } from './encoder.ts';
import { decodeHuffman, encodeHuffman, huffmanLength } from './huffman.ts';

const options = { tableSize: 4096, maxListSize: 16_384 };
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the examples of RFC 7541, appendix C', () => {
  it('decodes requests with Huffman code and a growing dynamic table (C.4)', () => {
    const decoder = new Decoder(options);
    const base = [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com'];
    expect(decoder.decode(hex('828684418cf1e3c2e5f23a6ba0ab90f4ff')).fields).toEqual(base);
    expect(decoder.decode(hex('828684be5886a8eb10649cbf')).fields).toEqual([...base, 'cache-control', 'no-cache']);
    const last = decoder.decode(hex('828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf')).fields;
    expect(last.slice(-4)).toEqual([':authority', 'www.example.com', 'custom-key', 'custom-value']);
  });

  it('decodes responses while entries are evicted (C.6)', () => {
    const decoder = new Decoder({ ...options, tableSize: 256 });
    decoder.decode(
      hex(
        '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
      ),
    );
    expect(decoder.decode(hex('4883640effc1c0bf')).fields.slice(0, 4)).toEqual([
      ':status',
      '307',
      'cache-control',
      'private',
    ]);
    const third = decoder.decode(
      hex(
        '88c16196d07abe941054d444a8200595040b8166e084a62d1bff c05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
      ),
    );
    expect(third.fields.slice(-2)).toEqual(['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1']);
  });
});

describe('Huffman code', () => {
  it('gives every text of every byte back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        const packed = Buffer.alloc(huffmanLength(text));
        expect(encodeHuffman(text, packed, 0)).toBe(packed.length);
        const out = Buffer.alloc(Math.ceil((packed.length * 8) / 5));
        expect(out.subarray(0, decodeHuffman(packed, 0, packed.length, out)).equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['padding of more than seven bits', '1fff'],
    ['padding of zeros', '00'],
    ['an EOS symbol', 'ffffffff'],
  ])('refuses %s', (_, bytes) => {
    const decoder = new Decoder(options);
    const text = hex(bytes);
    expect(() => decoder.decode(Buffer.concat([Buffer.from([0x00, 0x80 | text.length]), text, hex('00')]))).toThrow(
      HpackError,
    );
  });
});

describe('Decoder', () => {
  it.each([
    ['index 0', '80'],
    ['an index beyond both tables', 'ff80808001'],
    ['an integer over its limit', 'ffffffffffffff7f'],
    ['a text longer than the block', '00056162'],
    ['an end inside a field', '40'],
    ['an end inside an integer', '7fff'],
    ['a table size over the announced one', '3fe21f'],
    ['a table size after a field', '8220'],
  ])('refuses %s', (_, bytes) => {
    expect(() => new Decoder(options).decode(hex(bytes))).toThrow(HpackError);
  });

  it('gives one object for equal blocks as long as the dynamic table stays as it is', () => {
    const decoder = new Decoder(options);
    const add = hex('4001610162');
    const use = hex('be');
    decoder.decode(add);
    const first = decoder.decode(use);
    expect(decoder.decode(use)).toBe(first);
    decoder.decode(hex('4001630164'));
    expect(decoder.decode(use).fields).toEqual(['c', 'd']);
  });

  it('counts fields beyond the limit without keeping them, and stays in step', () => {
    const decoder = new Decoder({ ...options, maxListSize: 100 });
    const block = decoder.decode(Buffer.concat([hex('4001610162'), Buffer.alloc(1000, 0xbe)]));
    expect(block).toMatchObject({ tooLarge: true });
    expect(block.fields).toHaveLength(4);
    expect(decoder.decode(hex('be'))).toMatchObject({ tooLarge: false, fields: ['a', 'b'] });
  });

  it('never does anything to random bytes but decode or refuse them', () => {
    const decoder = new Decoder(options);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decoder.decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(HpackError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('Encoder', () => {
  const name = fc.stringMatching(/^[a-z-]{1,12}$/);
  const value = fc.string({ maxLength: 40, unit: 'binary-ascii' });
  const list = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((pairs) => pairs.flat());

  it('is understood by the decoder, whatever is sent in whatever order, while the table changes its size', () => {
    const step = fc.record({ fixed: fc.nat(3), more: fc.option(list), size: fc.option(fc.nat(5000)) });
    fc.assert(
      fc.property(fc.array(list, { minLength: 4, maxLength: 4 }), fc.array(step, { maxLength: 20 }), (lists, steps) => {
        const encoder = new Encoder();
        const decoder = new Decoder({ ...options, maxListSize: 1e6 });
        const fixed = lists.map((fields) => new FixedHeaders(fields));
        for (const { fixed: index, more, size } of steps) {
          if (size !== null) encoder.limitTable(Math.min(size, 4096));
          const block = encoder.encode(fixed[index] as FixedHeaders, more ?? undefined);
          expect(decoder.decode(block).fields).toEqual([...(lists[index] ?? []), ...(more ?? [])]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('sends fixed headers in a byte a field from the second time on', () => {
    const encoder = new Encoder();
    const headers = new FixedHeaders([':method', 'POST', 'authorization', 'Bearer abc', 'x-custom', 'value']);
    expect(encoder.encode(headers).length).toBeGreaterThan(10);
    expect(encoder.encode(headers)).toHaveLength(3);
  });

  it('does not use a table that the peer forbids', () => {
    const encoder = new Encoder();
    encoder.limitTable(0);
    const headers = new FixedHeaders(['x-custom', 'value']);
    const decoder = new Decoder({ tableSize: 0, maxListSize: 1000 });
    for (let round = 0; round < 3; round++)
      expect(decoder.decode(encoder.encode(headers)).fields).toEqual(['x-custom', 'value']);
  });
});
