export { configure, type Configured } from './configure.ts';
export { plan } from './plan/plan.ts';
export { graphAsMermaid, graphAsText } from './plan/print.ts';
export type { Graph } from './plan/graph.ts';
export { Service, StartError, type ServiceOptions } from './service.ts';
