export { gzip, gzipStream } from './gzip.ts';
