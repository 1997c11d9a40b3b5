/** A piece of a text with `${…}`: literal text, or what stands between the braces. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'reference';
      readonly head: string;
      readonly fallback?: string;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'unclosed'; readonly start: number };

/** Takes a text apart. `$$` is a dollar sign; a dollar sign before anything but a brace is itself. */
export function splitTemplate(text: string): Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') pieces.push({ kind: 'text', text: literal });
    literal = '';
  };
  for (let at = 0; at < text.length;) {
    if (text.startsWith('$$', at)) {
      literal += '$';
      at += 2;
    } else if (text.startsWith('${', at)) {
      const end = closingBrace(text, at + 2);
      flush();
      if (end === -1) return [...pieces, { kind: 'unclosed', start: at }];
      pieces.push(reference(text.slice(at + 2, end), at, end + 1));
      at = end + 1;
    } else {
      literal += text[at];
      at += 1;
    }
  }
  flush();
  return pieces;
}

function closingBrace(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('$$', at)) at += 1;
    else if (text.startsWith('${', at)) depth += 1;
    else if (text[at] === '}') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return -1;
}

function reference(inner: string, start: number, end: number): Piece {
  // A `:-` inside a nested reference belongs to that one.
  for (let at = 0, depth = 0; at < inner.length; at += 1) {
    if (inner.startsWith('${', at)) depth += 1;
    else if (inner[at] === '}') depth -= 1;
    else if (depth === 0 && inner.startsWith(':-', at)) {
      return { kind: 'reference', head: inner.slice(0, at), fallback: inner.slice(at + 2), start, end };
    }
  }
  return { kind: 'reference', head: inner, start, end };
}
