import type { Decoded, EntityRef, Entries, Resource, ResourceGroup, ScopeGroup, Signal } from 'sluice/plugin';
import { attributeLines } from './attributes.ts';
import { logLines } from './logs.ts';
import { metricLines } from './metrics.ts';
import { spanLines } from './traces.ts';

const headings: Readonly<Record<Signal, { readonly resource: string; readonly scope: string }>> = {
  logs: { resource: 'ResourceLog', scope: 'ScopeLogs' },
  traces: { resource: 'ResourceSpans', scope: 'ScopeSpans' },
  metrics: { resource: 'ResourceMetrics', scope: 'ScopeMetrics' },
};

const recordLines = { logs: logLines, traces: spanLines, metrics: metricLines } as Readonly<
  Record<Signal, (record: Entries[Signal], index: number) => string[]>
>;

/** Everything about a request in the Collector's many-line form; every line ends in a newline. */
export function detailedText(request: Decoded): string {
  return request.resources
    .flatMap((resource, i) => resourceLines(request.signal, resource, i))
    .map((line) => `${line}\n`)
    .join('');
}

function resourceLines(signal: Signal, group: ResourceGroup, index: number): string[] {
  return [
    `${headings[signal].resource} #${index}`,
    `Resource SchemaURL: ${group.schemaUrl}`,
    ...attributeLines('Resource attributes', group.resource?.attributes),
    ...entityLines(group.resource),
    ...group.scopes.flatMap((scope, i) => scopeLines(signal, scope, i)),
  ];
}

function scopeLines(signal: Signal, { scope, schemaUrl, records }: ScopeGroup, index: number): string[] {
  const heading = headings[signal].scope;
  return [
    `${heading} #${index}`,
    `${heading} SchemaURL: ${schemaUrl}`,
    `InstrumentationScope ${scope?.name ?? ''} ${scope?.version ?? ''}`,
    ...attributeLines('InstrumentationScope attributes', scope?.attributes),
    ...records.flatMap((record, i) => recordLines[signal](record, i)),
  ];
}

function entityLines(resource: Resource | undefined): string[] {
  const entities = resource?.entityRefs ?? [];
  return entities.length === 0 ? [] : ['Resource entity refs:', ...entities.flatMap(entityRefLines)];
}

function entityRefLines(entity: EntityRef, index: number): string[] {
  return [
    `     -> Entity ref #${index}:`,
    `          -> Type: ${entity.type}`,
    ...(entity.schemaUrl === '' ? [] : [`          -> Schema URL: ${entity.schemaUrl}`]),
    ...keyLines('ID keys', entity.idKeys),
    ...keyLines('Description keys', entity.descriptionKeys),
  ];
}

function keyLines(heading: string, keys: readonly string[]): string[] {
  return keys.length === 0 ? [] : [`          -> ${heading}:`, ...keys.map((key) => `               -> ${key}`)];
}
