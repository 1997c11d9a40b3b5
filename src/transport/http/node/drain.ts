import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../plugin/index.ts';

const longestDrain = 5000;

/**
 * Reads the rest of a refused request and throws it away, so that the sender gets to read its answer and may go on using
 * the connection. What is longer than `allowance` bytes, or takes long, is cut off.
 */
export function drain(message: IncomingMessage, allowance: number, clock: Clock): void {
  if (message.complete || message.destroyed) return;
  let left = allowance;
  const timer = clock.after(longestDrain, () => message.socket.destroy());
  message.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) message.socket.destroy();
  });
  message.once('close', () => timer.cancel());
  message.once('end', () => timer.cancel());
  message.resume();
}
