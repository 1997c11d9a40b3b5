export { lockDirectory, LockedError, type Lock } from './lock.ts';
export { syncDirectory } from './sync-directory.ts';
