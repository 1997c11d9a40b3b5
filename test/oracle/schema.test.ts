import { readFileSync, readdirSync } from 'node:fs';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { enumValues, messages, type Field } from '../../src/wire/schema.ts';

const proto = new URL('proto/', import.meta.url);
const root = new protobuf.Root();
for (const name of readdirSync(proto).filter((file) => file.endsWith('.proto'))) {
  protobuf.parse(readFileSync(new URL(name, proto), 'utf8'), root);
}
root.resolveAll();

const official = new Map<string, protobuf.Type>();
const enums = new Map<string, protobuf.Enum>();
const collect = (namespace: protobuf.NamespaceBase): void => {
  for (const nested of namespace.nestedArray) {
    if (nested instanceof protobuf.Type && !nested.name.endsWith('Response')) official.set(nested.name, nested);
    if (nested instanceof protobuf.Enum) enums.set(nested.name, nested);
    if (nested instanceof protobuf.Namespace) collect(nested);
  }
};
collect(root);

/** A field of the table, in the words of a .proto file. */
function words({ number, name, kind, repeated, presence, type, values }: Field): string {
  const scalar = kind === 'hex' ? 'bytes' : kind;
  return `${number} ${name} ${repeated ? 'repeated ' : ''}${type ?? values ?? scalar}${presence && type === undefined ? ' optional' : ''}`;
}

function officialWords(field: protobuf.Field): string {
  const type = field.resolvedType?.name ?? field.type;
  const optional = field.partOf !== null && !(field.resolvedType instanceof protobuf.Type);
  return `${field.id} ${field.name} ${field.repeated ? 'repeated ' : ''}${type}${optional ? ' optional' : ''}`;
}

describe('the schema table', () => {
  test('has every message of the requests', () => {
    const unused = ['ExportLogsPartialSuccess', 'ExportTracePartialSuccess', 'ExportMetricsPartialSuccess'];
    const files = ['LogsData', 'TracesData', 'MetricsData', 'ResourceData'];
    const wanted = [...official.keys()].filter((name) => !unused.includes(name) && !files.includes(name));
    expect(Object.keys(messages).toSorted()).toEqual(wanted.toSorted());
  });

  test.each(Object.keys(messages))('has the fields of %s as the official definition', (name) => {
    const wanted = official.get(name)!.fieldsArray.map(officialWords);
    expect(messages[name as keyof typeof messages].map(words).toSorted()).toEqual(wanted.toSorted());
  });

  test.each(Object.keys(enumValues))('has the names of the enum %s', (name) => {
    const wanted = Object.entries(enums.get(name)!.values).toSorted(([, a], [, b]) => a - b);
    expect(enumValues[name as keyof typeof enumValues]).toEqual(wanted.map(([value]) => value));
  });
});
