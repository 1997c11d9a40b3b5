/** What is used of the platform's WebAssembly; its types stand in the DOM library, which is not loaded here. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly RuntimeError: new () => Error;
}

const { Module, Instance, RuntimeError } = (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly;

/** By their base64: what is compiled serves every instance. */
const modules = new Map<string, object>();

/** The exports of a new instance of a module in base64; `imports` are the functions it calls. */
export function instantiate(wasm: string, imports: Readonly<Record<string, unknown>> = {}): unknown {
  let module = modules.get(wasm);
  if (module === undefined) modules.set(wasm, (module = new Module(Buffer.from(wasm, 'base64'))));
  const env = { abort: () => undefined, ...imports };
  return new Instance(module, { env }).exports;
}

/** Whether a kernel stopped in the middle, which is how it says that it is not sure. */
export function isTrap(error: unknown): boolean {
  return error instanceof RuntimeError;
}
