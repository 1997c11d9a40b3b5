/** Queues and small state that survive crashes, full disks and flipped bytes. Knows nothing of deliveries. */
export { StorageError, type StorageFault } from './errors.ts';
export { openQueue } from './open-queue.ts';
export type {
  Depth,
  Limits,
  Loss,
  NewRecord,
  Position,
  Queue,
  QueueEvents,
  QueueOptions,
  QueueRecord,
} from './queue.ts';
export { findOrphans, queueDirectory, type Orphan } from './orphans.ts';
export { openStateStore, type StateStoreOptions } from './state-store.ts';
export { lockDirectory } from './directory-lock.ts';
export type { File, FileFacts, FileSystem, Lock, OpenMode } from './fs.ts';
