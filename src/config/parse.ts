import { LineCounter, parseDocument } from 'yaml';
import type { Place, Report } from './diagnostic.ts';
import type { Node } from './node.ts';
import { TreeBuilder } from './tree-builder.ts';
import { renderYamlError } from './yaml-errors.ts';
import { errorRange } from './yaml-positions.ts';

/** Reads one YAML document. Undefined where it is not well-formed; the report says why. An empty one is a null. */
export function parseYaml(file: string, text: string, report: Report): Node | undefined {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: counter,
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    stringKeys: false,
  });
  const placeAt = (start: number, end: number): Place => {
    const { line, col } = counter.linePos(start);
    const lineEnd = text.indexOf('\n', start);
    const stop = Math.min(end, lineEnd === -1 ? text.length : lineEnd);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), length: Math.max(stop - start, 1) };
  };

  let lastLine = -1;
  for (const error of [...document.errors, ...document.warnings]) {
    const place = placeAt(...errorRange(error, document, text));
    // One mistake often breaks several rules of the grammar on the same line.
    if (place.line === lastLine) continue;
    lastLine = place.line;
    const { code, message, hint } = renderYamlError(error);
    report.error(code, place, message, hint === undefined ? {} : { hint });
  }
  if (lastLine !== -1) return undefined;
  return new TreeBuilder(placeAt, report).build(document.contents);
}
