import { DamagedError } from '../inflate.ts';
import { JsonScanner } from './json-scanner.ts';
import type { PieceLimits } from './limits.ts';

/**
 * Cuts OTLP/JSON, one request or several with white space between them, into requests of about the target's size: a large one
 * is cut between its resources. Where the cuts are depends on the bytes alone. Throws DamagedError where it is no JSON, ends
 * early, or has too large a resource.
 */
export async function* jsonPieces(source: AsyncIterable<Uint8Array>, limits: PieceLimits): AsyncGenerator<Uint8Array> {
  const scanner = new JsonScanner(limits.target);
  for await (const chunk of source) {
    scanner.push(chunk);
    for (let piece = scanner.next(); piece !== undefined; piece = scanner.next()) yield piece;
    if (scanner.held > limits.target + limits.largest)
      throw new DamagedError(`a resource is larger than ${limits.largest} bytes`);
  }
  if (scanner.open) throw new DamagedError('the last request is cut off');
}
