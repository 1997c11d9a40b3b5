import type { z } from 'zod';
import type { Declared } from './components.ts';
import { didYouMean, nearest } from './near.ts';
import type { Node } from './node.ts';
import type { Reference } from './pipelines.ts';
import type { Scope } from './scope.ts';
import { branches, childrenAt, metaOf, shapeOf } from './schema-walk.ts';
import { exporterDelivery } from '../plugin/index.ts';

type Any = z.core.$ZodType;

/**
 * Checks ids that stand in options: extensions under `storage` and `auth.authenticator`, and whatever field has `refers`
 * in its schema's metadata, `'extension'` or `'pipeline'`.
 */
export function checkOptionReferences(scope: Scope): void {
  const pipelineIds = scope.pipelines.map(({ id }) => id);
  for (const declared of Object.values(scope.declarations).flatMap((section) => [...section.values()])) {
    for (const reference of referencesOf(declared)) {
      const { kind, id, place } = reference;
      if (kind === 'extension') checkExtension(reference, scope);
      else if (!pipelineIds.includes(id)) {
        const hint = didYouMean(id, pipelineIds);
        scope.report.error('undefined-pipeline', place, `the pipeline "${id}" is not defined`, hint);
      }
    }
  }
}

function checkExtension({ id, place }: Reference, scope: Scope): void {
  const declared = scope.declarations.extensions.get(id);
  if (declared === undefined) return reportUndefined({ id, place }, scope);
  scope.mentioned.add(declared);
  if (scope.started.some((one) => one.id === id)) return;
  const message = `the extension "${id}" is not listed in service.extensions, so it does not start`;
  scope.report.error('extension-not-started', place, message, {
    related: [{ message: 'defined here', place: declared.key }],
  });
}

/** Checks that the extensions to start are defined. */
export function checkStarted(scope: Scope): void {
  for (const reference of scope.started) {
    const declared = scope.declarations.extensions.get(reference.id);
    if (declared === undefined) reportUndefined(reference, scope);
    else scope.mentioned.add(declared);
  }
}

function reportUndefined({ id, place }: Reference, { declarations, report, mentioned }: Scope): void {
  const near = nearest(id, declarations.extensions.keys());
  const meant = declarations.extensions.get(near ?? '');
  if (meant !== undefined) mentioned.add(meant);
  const hint = near === undefined ? `add "${id}:" under "extensions:"` : `did you mean ${JSON.stringify(near)}?`;
  report.error('undefined-extension', place, `the extension "${id}" is not defined`, { hint });
}

interface OptionReference extends Reference {
  readonly kind: 'extension' | 'pipeline';
}

function referencesOf({ definition, node }: Declared): OptionReference[] {
  if (definition === undefined) return [];
  const found: OptionReference[] = [];
  collect(node, [definition.config], [], found);
  if (definition.kind === 'exporter' && definition.delivery === 'queued' && node.kind === 'map') {
    const queue = node.entries.get('sending_queue');
    const own = childrenAt(definition.config, 'sending_queue');
    if (queue !== undefined && own.length === 0)
      collect(queue.value, [exporterDelivery('5s').sending_queue], ['sending_queue'], found);
  }
  return found;
}

function collect(node: Node, schemas: readonly Any[], path: readonly string[], found: OptionReference[]): void {
  if (node.kind === 'scalar') {
    const kind = referenceKind(schemas, path);
    if (kind !== undefined && typeof node.value === 'string') found.push({ kind, id: node.value, place: node.place });
    return;
  }
  const entries =
    node.kind === 'list' ? node.items.entries() : [...node.entries].map(([key, { value }]) => [key, value] as const);
  for (const [key, value] of entries) {
    const below = schemas.flatMap((schema) => childrenAt(schema, key));
    if (below.length > 0) collect(value, below, typeof key === 'string' ? [...path, key] : path, found);
  }
}

function referenceKind(schemas: readonly Any[], path: readonly string[]): OptionReference['kind'] | undefined {
  const refers = schemas.map((schema) => metaOf(schema, 'refers')).find((one) => one !== undefined);
  if (refers === 'extension' || refers === 'pipeline') return refers;
  const isText = schemas.flatMap(branches).every((schema) => shapeOf(schema).type === 'string');
  const named = path.at(-1) === 'storage' || (path.at(-1) === 'authenticator' && path.at(-2) === 'auth');
  return isText && named ? 'extension' : undefined;
}
