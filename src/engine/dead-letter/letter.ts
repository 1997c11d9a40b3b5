import { wireToJson, type Batch, type Signal } from '../../wire/index.ts';

/** What is known about data that a destination refused. */
export interface Letter {
  /** When it was refused, ISO 8601. */
  readonly time: string;
  /** `exporter/otlp_http`. */
  readonly component: string;
  readonly reason: string;
  readonly signal: Signal;
  /** Log records, spans or data points. */
  readonly count: number;
}

/** One line of a dead-letter file: the facts, and the request as OTLP/JSON under `request`. */
export function letterLine(batch: Batch, facts: Pick<Letter, 'time' | 'component' | 'reason'>): Buffer {
  const head = JSON.stringify({ ...facts, signal: batch.signal, count: batch.count } satisfies Letter);
  return Buffer.concat([
    Buffer.from(`${head.slice(0, -1)},"request":`),
    wireToJson(batch.signal, batch.bytes),
    Buffer.from('}\n'),
  ]);
}

/** The facts of a line, and its request as OTLP/JSON text. Throws where the line is not one of ours. */
export function readLetter(line: string): { readonly letter: Letter; readonly request: string } {
  const at = line.indexOf(',"request":');
  if (at < 0 || !line.endsWith('}')) throw new SyntaxError('no dead letter');
  return { letter: JSON.parse(`${line.slice(0, at)}}`) as Letter, request: line.slice(at + ',"request":'.length, -1) };
}
