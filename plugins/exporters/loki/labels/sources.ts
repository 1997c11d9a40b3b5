import { attributeKey, type AttributeKey, type Template } from 'sluice/plugin';
import type { LabelOptions } from './config.ts';

/** Where a label gets its value. `places` of a template are keys of what its places name, in order. */
export type Source = { readonly label: string } & (
  | { readonly from: 'static'; readonly value: string }
  | { readonly from: 'severity' | 'scope' }
  | { readonly from: 'resource' | 'record'; readonly key: AttributeKey }
  | { readonly from: 'template'; readonly template: Template; readonly keys: ReadonlyMap<string, AttributeKey> }
);

/** The sources in the order in which they count: the first that has a value gives a label its value. */
export function sourcesOf(options: LabelOptions): readonly Source[] {
  return [
    ...Object.entries(options.static).map(([label, value]): Source => ({ label, from: 'static', value })),
    ...(options.severity === undefined ? [] : [{ label: options.severity, from: 'severity' as const }]),
    ...(options.scope === undefined ? [] : [{ label: options.scope, from: 'scope' as const }]),
    ...Object.entries(options.templates).map(([label, template]): Source => ({
      label,
      from: 'template',
      template,
      keys: new Map(template.places.map(({ key }) => [key, attributeKey(key)])),
    })),
    ...options.resource.map(({ attribute, label }): Source => ({
      label,
      from: 'resource',
      key: attributeKey(attribute),
    })),
    ...options.record.map(({ attribute, label }): Source => ({ label, from: 'record', key: attributeKey(attribute) })),
  ];
}

/** Whether records of one scope can have different values. */
export function variesByRecord(source: Source): boolean {
  if (source.from === 'template')
    return source.template.timed || source.template.places.some(({ of }) => of !== 'resource');
  return source.from === 'severity' || source.from === 'record';
}
