/** A message class of protobufjs. */
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
