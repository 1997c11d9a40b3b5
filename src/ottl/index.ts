/** The OpenTelemetry Transformation Language: conditions over telemetry, and the syntax of statements. */
export { compileCondition, compileInferred, type OttlCondition } from './compile.ts';
export type { ContextName } from './paths/context.ts';
export type { View } from './paths/field.ts';
export { inferredOttlCondition, ottlCondition } from './schema.ts';
export { EvaluationError } from './run/value.ts';
export { OttlError, type Problem } from './syntax/problem.ts';
export type * from './syntax/tree.ts';
