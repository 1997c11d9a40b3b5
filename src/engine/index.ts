export { configure, type Configured } from './configure.ts';
export { readLetter } from './dead-letter/letter.ts';
export { letterFiles } from './dead-letter/store.ts';
export { plan } from './plan/plan.ts';
export { graphAsMermaid, graphAsText } from './plan/print.ts';
export type { Graph } from './plan/graph.ts';
export { Service, type ServiceOptions } from './service.ts';
export { StartError } from './start-error.ts';
