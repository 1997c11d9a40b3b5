/** What is used of the platform's WebAssembly; its types stand in the DOM library, which is not loaded here. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly RuntimeError: new () => Error;
}

const { Module, Instance, RuntimeError } = (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly;

/** The functions that a module calls. */
type Imports = Readonly<Record<string, unknown>>;

/** Compiles a module in base64 once; each call of the result is an instance with a memory of its own, of which it gives the exports. */
export function compile(wasm: string): (imports: Imports) => unknown {
  const module = new Module(Buffer.from(wasm, 'base64'));
  return (imports) => new Instance(module, { env: { abort: () => undefined, ...imports } }).exports;
}

/** The exports of a module in base64, of which there is one instance. */
export function instantiate(wasm: string, imports: Imports = {}): unknown {
  return compile(wasm)(imports);
}

/** Whether a kernel stopped in the middle, which is how it says that it is not sure. */
export function isTrap(error: unknown): boolean {
  return error instanceof RuntimeError;
}
