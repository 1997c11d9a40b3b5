// node test/oracle/generate.ts: writes generated/otlp.js and its types from proto/.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const pbjs = createRequire(import.meta.url).resolve('protobufjs-cli/bin/pbjs');

const options =
  '-t static-module -w esm -r sluice-oracle --no-comments --no-create --no-verify --no-delimited --no-convert --no-typeurl --no-service';
const services = ['logs', 'trace', 'metrics'].map((name) => here(`proto/${name}_service.proto`));
execFileSync(process.execPath, [
  pbjs,
  ...options.split(' '),
  '-p',
  here('proto'),
  '-o',
  here('generated/otlp.js'),
  ...services,
]);

writeFileSync(
  here('generated/otlp.d.ts'),
  `/** A message class of protobufjs. */
export interface Codec {
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}
interface Namespace {
  readonly [name: string]: Codec;
}
export const opentelemetry: {
  readonly proto: {
    readonly collector: { readonly [signal: string]: { readonly v1: Namespace } };
    readonly common: { readonly v1: Namespace };
  };
};
`,
);
