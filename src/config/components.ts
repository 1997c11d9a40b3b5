import { z } from 'zod';
import { exporterDelivery, type Definition, type ExporterDelivery, type Kind } from '../plugin/index.ts';
import type { ComponentConfig } from './configuration.ts';
import type { Place, Report } from './diagnostic.ts';
import { effectiveValue } from './effective.ts';
import { listed, parseId, whyNotAnId } from './ids.ts';
import type { Subject } from './issues.ts';
import { didYouMean } from './near.ts';
import { describeNode, isNull, type MapNode, type Node } from './node.ts';
import { noticeFields } from './notices.ts';
import type { Registry } from './registry.ts';
import { fieldNames } from './schema-walk.ts';
import { hideSecrets } from './secrets.ts';
import { validate } from './validate.ts';

/** The sections that define components, and the kind that each holds. */
export const sections = {
  receivers: 'receiver',
  processors: 'processor',
  exporters: 'exporter',
  connectors: 'connector',
  extensions: 'extension',
} as const satisfies Readonly<Record<string, Kind>>;

export type Section = keyof typeof sections;

/** What is written under an id, right or wrong. */
export interface Declared {
  readonly id: string;
  readonly kind: Kind;
  readonly key: Place;
  readonly node: Node;
  /** Absent where the type is not known. */
  readonly definition?: Definition;
  /** Absent where something is wrong with it. */
  readonly component?: ComponentConfig;
}

/** Reads one section. Ids that cannot be used at all are still there, so that references to them raise no second error. */
export function readComponents(
  section: Section,
  node: Node | undefined,
  registry: Registry,
  report: Report,
): ReadonlyMap<string, Declared> {
  const declared = new Map<string, Declared>();
  if (node === undefined || isNull(node)) return declared;
  if (node.kind !== 'map') {
    report.error('wrong-type', node.place, `${section} must be a map of ids to options`, { found: describeNode(node) });
    return declared;
  }
  for (const [id, { key, value }] of node.entries)
    declared.set(id, readComponent(section, { id, key, value }, registry, report));
  return declared;
}

interface Written {
  readonly id: string;
  readonly key: Place;
  readonly value: Node;
}

function readComponent(section: Section, { id, key, value }: Written, registry: Registry, report: Report): Declared {
  const kind = sections[section];
  const declared: Declared = { id, kind, key, node: value };
  const parsed = parseId(id);
  if (parsed === undefined) {
    const type = id.split('/', 1)[0] ?? '';
    const near = registry.nearest(kind, type);
    const why = near === undefined || near === type ? whyNotAnId(id) : `did you mean ${JSON.stringify(near)}?`;
    report.error(
      'invalid-id',
      key,
      `${JSON.stringify(id)} is not a component id`,
      why === undefined ? {} : { hint: why },
    );
    return declared;
  }
  const found = registry.find(kind, parsed.type);
  if (found === undefined) {
    reportUnknown(section, parsed.type, key, registry, report);
    return declared;
  }
  const { definition } = found;
  if (found.deprecated) {
    report.warning('deprecated-alias', key, `"${parsed.type}" alias is deprecated; use "${definition.type}" instead`);
  }
  const options = readOptions(
    definition,
    { name: `${section}.${id}`, node: value, key, schema: definition.config },
    report,
  );
  return {
    ...declared,
    definition,
    ...(options === undefined ? {} : { component: { id, kind, definition, ...options, source: key } }),
  };
}

function reportUnknown(section: Section, type: string, key: Place, registry: Registry, report: Report): void {
  const kind = sections[section];
  const others = registry.kindsOf(type);
  const home = Object.entries(sections).find(([, one]) => one === others[0])?.[0];
  if (home !== undefined) {
    const kinds = listed(others.map(withArticle), 'and');
    report.error('wrong-kind', key, `"${type}" is ${kinds}, not ${withArticle(kind)}`, {
      hint: `move it to "${home}:"`,
    });
    return;
  }
  const near = registry.nearest(kind, type);
  const hint = near === undefined ? 'list what there is with: sluice components' : didYouMean(type, [near]).hint;
  report.error('unknown-component', key, `there is no ${kind} "${type}"`, {
    hint: hint ?? `did you mean ${JSON.stringify(near)}?`,
  });
}

export function withArticle(kind: Kind): string {
  return kind.startsWith('e') ? `an ${kind}` : `a ${kind}`;
}

type Options = Pick<ComponentConfig, 'config' | 'delivery' | 'effective'>;

/** The engine's options of a queued exporter are checked beside its own; a field that both have goes to both. */
function readOptions(definition: Definition, own: Subject, report: Report): Options | undefined {
  hideSecrets(own.node, [own.schema], report);
  noticeFields(own.name, own.node, [own.schema], report);
  if (
    definition.kind !== 'exporter' ||
    definition.delivery === 'direct' ||
    (own.node.kind !== 'map' && !isNull(own.node))
  ) {
    const parsed = validate(own, report);
    return parsed === undefined
      ? undefined
      : { config: parsed.output, effective: effectiveValue(own.node, [own.schema]) };
  }
  const delivery = z.strictObject(exporterDelivery(definition.timeout ?? '5s'));
  const deliveryFields = Object.keys(delivery.shape);
  const ownFields = new Set(fieldNames([own.schema]));
  const parts = split(own.node, (field) => deliveryFields.includes(field));
  const rest = split(own.node, (field) => !deliveryFields.includes(field) || ownFields.has(field));
  const parsed = validate({ ...own, node: rest, otherFields: deliveryFields }, report);
  const parsedDelivery = validate({ ...own, node: parts, schema: delivery }, report);
  if (parsed === undefined || parsedDelivery === undefined) return undefined;
  const effective = { ...asRecord(effectiveValue(parts, [delivery])), ...asRecord(effectiveValue(rest, [own.schema])) };
  return { config: parsed.output, delivery: parsedDelivery.output as ExporterDelivery, effective };
}

function split(node: Node, keep: (field: string) => boolean): MapNode {
  const entries = node.kind === 'map' ? [...node.entries].filter(([field]) => keep(field)) : [];
  return { kind: 'map', place: node.place, entries: new Map(entries) };
}

function asRecord(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
