import type { Batch } from '../batch.ts';
import { Decoded, encode, LogRecord, ResourceGroup, ScopeGroup } from '../codec/index.ts';

/** A batch of these log records, in one scope. */
export function logBatch(...records: readonly Partial<LogRecord>[]): Batch<'logs'> {
  const tree = new Decoded('logs');
  const group = new ResourceGroup<'logs'>();
  const scope = new ScopeGroup<'logs'>();
  scope.records = records.map((fields) => LogRecord.from(fields));
  group.scopes.push(scope);
  tree.resources.push(group);
  return encode(tree, { receivedAt: 0 });
}
