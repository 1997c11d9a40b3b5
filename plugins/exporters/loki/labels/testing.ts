import { LogRecord, type Attributes, type ResourceGroup, type ScopeGroup } from 'sluice/plugin';
import type { PushOptions } from '../config.ts';
import { textOf } from '../line/testing.ts';
import type { WrittenRecord, WrittenScope } from '../testing.ts';
import { labelName } from './label-name.ts';
import { levelOfNumber, levelOfText } from './level.ts';

/** A decoded record, what it stands in, and how these are written. */
export interface Place {
  readonly list: WrittenScope;
  readonly wire: WrittenRecord;
  readonly group: ResourceGroup<'logs'>;
  readonly scope: ScopeGroup<'logs'>;
  readonly record: LogRecord;
}

export interface Label {
  readonly label: string;
  readonly value: string | undefined;
  /** The name of its value where another one has the label. */
  readonly other: string;
  readonly fixed?: boolean;
}

/** All labels that a record may have, those that count first in front. */
export function labelsOf({ group, scope, record }: Place, { labels }: PushOptions, timeMs: number): Label[] {
  const resource = group.resource?.attributes;
  const read = (attributes: Attributes | undefined, key: string): string | undefined =>
    attributes?.get(key) === undefined ? undefined : textOf(attributes.get(key));
  const any = (key: string): string | undefined =>
    read(record.attributes, key) ?? read(scope.scope?.attributes, key) ?? read(resource, key);
  return [
    ...Object.entries(labels.static).map(([label, value]) => ({ label, value, other: label, fixed: true })),
    ...(labels.severity === undefined
      ? []
      : [{ label: labels.severity, value: levelOf(record), other: labels.severity }]),
    ...(labels.scope === undefined ? [] : [{ label: labels.scope, value: scope.scope?.name, other: labels.scope }]),
    ...Object.entries(labels.templates).map(([label, template]) => ({
      label,
      other: label,
      value: template.render(
        ({ of, key }) => (of === 'any' ? any(key) : read(of === 'record' ? record.attributes : resource, key)),
        timeMs,
      ),
    })),
    ...labels.resource.map(({ attribute, label }) => ({
      label,
      value: read(resource, attribute),
      other: labelName(attribute),
    })),
    ...labels.record.map(({ attribute, label }) => ({
      label,
      value: read(record.attributes, attribute),
      other: labelName(attribute),
    })),
  ];
}

function levelOf({ severityNumber, severityText }: LogRecord): string | undefined {
  return levelOfNumber(severityNumber) ?? levelOfText(severityText);
}

/** What labels vary with: of these, the guard is asked once a push. */
export function combinationOf(
  { group, scope, record, list, wire }: Place,
  options: PushOptions,
  timeMs: number,
): string {
  const { severity, templates, record: attributes } = options.labels;
  const varying = Object.values(templates).filter(
    ({ timed, places }) => timed || places.some(({ of }) => of !== 'resource'),
  );
  const keys = [
    ...attributes.map(({ attribute }) => attribute),
    ...varying.flatMap(({ places }) => places.flatMap(({ of, key }) => (of === 'resource' ? [] : [key]))),
  ];
  const fixed = labelsOf({ group, scope, record: new LogRecord(), list, wire }, options, 0).map(({ value }) => value);
  return JSON.stringify([
    varying.length > 0 ? list.self : fixed,
    severity === undefined ? '' : (levelOfNumber(record.severityNumber) ?? [record.severityText]),
    varying.some(({ timed }) => timed) ? Math.floor(timeMs / 1000) : '',
    keys.map((key) => wire.values.get(key)),
  ]);
}
