export { BatchBuilder } from './builder/batch-builder.ts';
export { LogsBuilder, type LogFields } from './builder/logs-builder.ts';
export { sliceOf, type Slice } from './builder/slice.ts';
