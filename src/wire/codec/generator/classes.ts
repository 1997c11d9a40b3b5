import { envelopes, shapes, type Member, type Shape } from './model.ts';

const scalarTypes = {
  string: ['string', "''"],
  hex: ['string', "''"],
  bytes: ['Uint8Array', 'new Uint8Array()'],
  bool: ['boolean', 'false'],
  uint32: ['number', '0'],
  sint32: ['number', '0'],
  fixed32: ['number', '0'],
  enum: ['number', '0'],
  double: ['number', '0'],
  int64: ['bigint', '0n'],
  uint64: ['bigint', '0n'],
  fixed64: ['bigint', '0n'],
  sfixed64: ['bigint', '0n'],
} as const;

/** The record classes, as the text of a module. */
export function classesModule(): string {
  const own = shapes.filter((shape) => envelopes[shape.message] === undefined);
  return `import { Attributes, type AnyValue } from '../values.ts';\n\n${own.map(classText).join('\n')}`;
}

function classText(shape: Shape): string {
  const lines = [`/** OTLP \`${shape.message}\`. */`, `export class ${shape.className} {`];
  if (shape.tag !== undefined) lines.push(`  readonly type = '${shape.tag}';`);
  for (const member of shape.members) lines.push(...describe(member), `  ${declaration(member)};`);
  lines.push('  /** Encoded fields that this release does not know. They are written back after the others. */');
  lines.push(
    '  unknown: Uint8Array | undefined = undefined;',
    '',
    '  /** With these fields, the others at their defaults. */',
  );
  const omitted = shape.tag === undefined ? '' : `, 'type'`;
  const init = omitted === '' ? `Partial<${shape.className}>` : `Partial<Omit<${shape.className}${omitted}>>`;
  lines.push(
    `  static from(fields: ${init}): ${shape.className} {`,
    `    return Object.assign(new ${shape.className}(), fields);`,
    '  }',
    '}',
    '',
  );
  return lines.join('\n');
}

function declaration({ field, property, special, target }: Member): string {
  if (special === 'attributes') return `${property} = new Attributes()`;
  if (special === 'value') return `${property}: AnyValue | undefined = undefined`;
  const [type, zero] =
    target === undefined ? scalarTypes[field.kind as keyof typeof scalarTypes] : [target.className, 'undefined'];
  if (field.repeated) return `${property}: ${type}[] = []`;
  return field.presence ? `${property}: ${type} | undefined = undefined` : `${property}: ${type} = ${zero}`;
}

function describe({ field, rivals }: Member): string[] {
  const notes: string[] = [];
  if (field.kind === 'hex') notes.push("Lower-case hex; '' for none.");
  if (field.name.endsWith('UnixNano')) notes.push('Nanoseconds since the epoch; 0n where it is not known.');
  if (field.values !== undefined) notes.push(`A number of the enum \`${field.values}\`.`);
  if (rivals.length > 0) notes.push(`At most one of this and ${rivals.join(', ')} is set.`);
  return notes.length === 0 ? [] : [`  /** ${notes.join(' ')} */`];
}
