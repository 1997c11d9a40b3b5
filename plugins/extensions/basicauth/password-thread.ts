/** Checks passwords in a thread of its own: one check of bcrypt takes as long as thousands of requests. */
import { parentPort, workerData } from 'node:worker_threads';
import { matchesHash } from './password-hash.ts';

export interface Question {
  readonly id: number;
  readonly password: string;
  readonly entry: string;
}

export interface Answer {
  readonly id: number;
  readonly matches: boolean;
}

/** What the thread is started with, so that a bundle knows itself for it. */
export const role = 'sluice password checks';
/** This file, or the part of a bundle that it became. */
export const url = import.meta.url;

if (workerData === role)
  parentPort?.on('message', ({ id, password, entry }: Question) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
    parentPort?.postMessage({ id, matches: matchesHash(password, entry) } satisfies Answer);
  });
