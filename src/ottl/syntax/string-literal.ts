import type { Problem } from './problem.ts';

const simple: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
  ['"', 34],
]);

const coded = /^(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;

/** What a quoted text means, by Go's rules for escapes, or what is wrong with it. `offset` is where it starts. */
export function unquote(quoted: string, offset: number): string | Problem {
  const inner = quoted.slice(1, -1);
  const line = inner.search(/\n/);
  if (line >= 0)
    return { offset: offset + 1 + line, length: 1, message: 'expected \\n and not a line break in a string' };
  if (!inner.includes('\\')) return inner;
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = inner.indexOf('\\'); at >= 0; at = inner.indexOf('\\', from)) {
    parts.push(Buffer.from(inner.slice(from, at)));
    const rest = inner.slice(at + 1);
    const code = simple.get(rest.charAt(0));
    const match = code === undefined ? coded.exec(rest) : null;
    if (code === undefined && match === null) {
      const message = `\\${rest.charAt(0)} is no escape in a string; a backslash is written \\\\`;
      return { offset: offset + 1 + at, length: 2, message };
    }
    const bytes = code === undefined ? bytesOf(match as RegExpExecArray) : Buffer.of(code);
    if (bytes === undefined) return { offset: offset + 1 + at, length: 2, message: 'this escape is no character' };
    parts.push(bytes);
    from = at + 1 + (match?.[0].length ?? 1);
  }
  parts.push(Buffer.from(inner.slice(from)));
  return Buffer.concat(parts).toString();
}

/** `\x` and octal escapes are bytes, the others characters. */
function bytesOf([, hex, octal, short, long]: RegExpExecArray): Buffer | undefined {
  if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
  if (octal !== undefined) return Buffer.of(Number.parseInt(octal, 8));
  const point = Number.parseInt((short ?? long) as string, 16);
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  return point > 0x10ffff || surrogate ? undefined : Buffer.from(String.fromCodePoint(point));
}
