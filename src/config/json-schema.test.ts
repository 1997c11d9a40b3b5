import { describe, expect, it } from 'vitest';
import { z, defineExporter, defineReceiver, duration } from '../plugin/index.ts';
import { jsonSchema } from './json-schema.ts';
import { createRegistry } from './registry.ts';

const registry = createRegistry([
  defineReceiver({
    type: 'file_log',
    aliases: ['filelog'],
    summary: 'Follows files.',
    signals: ['logs'],
    sharing: 'single',
    config: z.strictObject({
      include: z.array(z.string()).describe('Globs.'),
      start_at: z.enum(['beginning', 'end']).default('end').describe('Where.'),
      poll: duration().default(200).describe('How often.'),
      count: z.number().int().default(3).describe('How many.'),
      nested: z
        .strictObject({ on: z.boolean().default(true).describe('On.') })
        .prefault({})
        .describe('Nested.'),
    }),
    start: () => {},
  }),
  defineExporter({
    type: 'out',
    summary: 'Out.',
    signals: ['logs'],
    config: z.strictObject({ endpoint: z.string().describe('Where.') }),
    start: () => ({ send: async () => {} }),
  }),
]);

interface Loose {
  readonly [key: string]: Loose;
}

const schema = jsonSchema(registry) as unknown as Loose;
const patterns = (section: string): Loose => schema['properties']?.[section]?.['patternProperties'] as Loose;
const receiver = patterns('receivers')['^file_log(/.+)?$'] as Loose;

describe('the JSON Schema for editors', () => {
  it('has each component under its type and its earlier names', () => {
    expect(Object.keys(patterns('receivers'))).toEqual(['^file_log(/.+)?$', '^(filelog)(/.+)?$']);
    expect(patterns('receivers')['^(filelog)(/.+)?$']).toMatchObject({ deprecated: true });
    expect(receiver['description']).toBe('Follows files.');
    expect(schema['properties']?.['receivers']?.['additionalProperties']).toBe(false);
  });

  it('has descriptions, defaults and values for completion', () => {
    expect(receiver['properties']?.['start_at']).toMatchObject({
      description: 'Where.',
      default: 'end',
      anyOf: [{ enum: ['beginning', 'end'] }, {}],
    });
    expect(receiver['required']).toEqual(['include']);
  });

  it('takes a reference for a number, and nothing for a map', () => {
    expect(receiver['properties']?.['count']?.['anyOf']).toMatchObject([
      { type: 'integer' },
      { $ref: '#/definitions/reference' },
    ]);
    expect(receiver['type']).toEqual(['object', 'null']);
    expect(receiver['properties']?.['nested']?.['type']).toEqual(['object', 'null']);
  });

  it('adds the delivery options to queued exporters', () => {
    const exporter = patterns('exporters')['^out(/.+)?$'] as Loose;
    expect(Object.keys(exporter['properties'] ?? {})).toEqual([
      'timeout',
      'sending_queue',
      'retry_on_failure',
      'circuit_breaker',
      'endpoint',
    ]);
    expect(exporter['required']).toEqual(['endpoint']);
  });

  it('shows durations as they are written', () => {
    expect(receiver['properties']?.['poll']?.['default']).toBe('200ms');
  });

  it('describes the service', () => {
    expect(Object.keys(schema['properties']?.['service']?.['properties'] ?? {})).toEqual([
      'extensions',
      'pipelines',
      'telemetry',
      'limits',
      'dead_letters',
    ]);
    expect(schema['required']).toEqual(['service']);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  const check = z.fromJSONSchema(jsonSchema(registry) as never);
  const receivers = (options: object) =>
    check.safeParse({ receivers: { 'file_log/a': options }, service: { pipelines: {} } }).success;

  it.each([
    { include: ['a'] },
    { include: ['a'], count: '${env:COUNT}', start_at: 'end', nested: null },
    { include: ['a'], poll: '1s', nested: { on: '${ON:-true}' } },
  ])('takes %j', (options) => {
    expect(receivers(options)).toBe(true);
  });

  it.each([
    {},
    { include: 'a' },
    { include: ['a'], count: 'three' },
    { include: ['a'], start_at: 'middle' },
    { include: ['a'], includ: [] },
  ])('refuses %j', (options) => {
    expect(receivers(options)).toBe(false);
  });

  it('refuses sections and types that there are not', () => {
    expect(check.safeParse({ service: { pipelines: {} }, reciever: {} }).success).toBe(false);
    expect(check.safeParse({ service: { pipelines: {} }, receivers: { tail: {} } }).success).toBe(false);
    expect(check.safeParse({ receivers: {} }).success).toBe(false);
  });
});
