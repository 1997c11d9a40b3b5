/**
 * The public door: everything a plugin needs, `import { defineProcessor, z } from 'sluice/plugin'`.
 * The built-in components use nothing else of ours.
 */
import { z } from 'zod';

// Schemas are walked, not compiled: nothing here runs code that it made itself.
z.config({ jitless: true });

export { z };
export * from './define.ts';
export type * from './capabilities.ts';
export type * from './context.ts';
export * from './transport.ts';
export { watchFile } from './watched-file.ts';
export * from './disk/index.ts';
export * from './otlp/index.ts';
export * from './groups/index.ts';
export { answerError, type AnswerOptions } from './http-answer.ts';
export * from './template/index.ts';
export * from '../flow/index.ts';
export * from '../wire/index.ts';
export {
  compileCondition,
  compileInferred,
  EvaluationError,
  inferredOttlCondition,
  ottlCondition,
  OttlError,
  type ContextName,
  type OttlCondition,
} from '../ottl/index.ts';
// The record classes; context.ts has types of these names for own telemetry, which plugins get by inference.
export { Attributes, Gauge } from '../wire/index.ts';
