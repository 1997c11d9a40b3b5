/** What the kernel says of the place in the batch, in words (src/wire/scan/kernel/memory.as). */
export const state = {
  resourceIndex: 0,
  scopeIndex: 1,
  metricKind: 2,
  foundEnd: 3,
  /** Where the message begins that has a resource, or a scope, and its lists; where it ends follows. */
  resourceGroup: 4,
  scopeGroup: 6,
} as const;

/** Bytes of a message in the kernel (src/wire/scan/kernel/messages.as). */
export const messageSize = 288;
