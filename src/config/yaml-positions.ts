import { isCollection, isScalar, visit, type Document, type YAMLParseError } from 'yaml';

/**
 * Where a syntax error is best shown, as offsets. The library points at the place where it gave up: the end of the text
 * for a quote or a bracket that
 * is not closed, the end of a line for a next one that is indented wrongly.
 */
export function errorRange(error: YAMLParseError, document: Document, text: string): readonly [number, number] {
  const [start, end] = error.pos;
  if (error.code === 'TAB_AS_INDENT') return [start, end];
  if (isUnclosedQuote(error) || isUnclosedBracket(error)) {
    const opening = lastOpening(document, start);
    return opening === undefined ? [start, end] : [opening, opening + 1];
  }
  const skipped = /^[ \r]*\n\s*/.exec(text.slice(start))?.[0].length ?? 0;
  return skipped === 0 ? [start, end] : [start + skipped, start + skipped + 1];
}

export function isUnclosedQuote(error: YAMLParseError): boolean {
  return error.code === 'MISSING_CHAR' && error.message.endsWith('quote');
}

export function isUnclosedBracket(error: YAMLParseError): boolean {
  return /flow (?:map|sequence).* end with/i.test(error.message);
}

/** The last quoted text or bracketed collection that begins before `offset`, and does not end before it. */
function lastOpening(document: Document, offset: number): number | undefined {
  let opening: number | undefined;
  visit(document, {
    Node(_key, node) {
      const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
      const bracketed = isCollection(node) && node.flow === true;
      const range = node.range ?? undefined;
      if ((quoted || bracketed) && range !== undefined && range[0] < offset && range[2] >= offset) opening = range[0];
    },
  });
  return opening;
}
