/** What is used of the platform's WebAssembly; its types stand in the DOM library, which is not loaded here. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly RuntimeError: new () => Error;
}

const { Module, Instance, RuntimeError } = (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly;

/** The exports of a module in base64; `imports` are the functions it calls. */
export function instantiate(wasm: string, imports: Readonly<Record<string, unknown>> = {}): unknown {
  const env = { abort: () => undefined, ...imports };
  return new Instance(new Module(Buffer.from(wasm, 'base64')), { env }).exports;
}

/** Whether a kernel stopped in the middle, which is how it says that it is not sure. */
export function isTrap(error: unknown): boolean {
  return error instanceof RuntimeError;
}
