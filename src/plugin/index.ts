/**
 * The public door: everything a plugin needs, `import { defineProcessor, z } from 'sluice/plugin'`.
 * The built-in components use nothing else of ours.
 */
export { z } from 'zod';
export * from './define.ts';
export type * from './capabilities.ts';
export type * from './context.ts';
export * from './transport.ts';
export * from './groups/index.ts';
export * from '../flow/index.ts';
export * from '../wire/index.ts';
