import { describe, expect, it } from 'vitest';
import { exporterDelivery, grpcClientFields, grpcServer, httpClientFields, httpServer, z } from '../plugin/index.ts';
import { fieldsWithoutDescription } from './descriptions.ts';
import { serviceSchema } from './service-schema.ts';

describe('fields without a description', () => {
  it('are found at every depth, behind defaults, unions, lists and records', () => {
    const inner = z.strictObject({ good: z.string().describe('x'), bad: z.string() });
    const schema = z.strictObject({
      a: z.string().optional(),
      b: z.string().describe('told').optional(),
      list: z.array(inner).default([]).describe('x'),
      map: z.record(z.string(), inner).describe('x'),
      either: z.union([z.string(), inner]).describe('x'),
      piped: inner.transform((value) => value.bad).describe('x'),
      tagged: z.discriminatedUnion('type', [z.strictObject({ type: z.literal('a') })]).describe('x'),
    });
    expect(fieldsWithoutDescription(schema)).toEqual(['a', 'list[].bad', 'map.*.bad', 'either.bad', 'piped.bad']);
  });

  it('end where a schema contains itself', () => {
    const node: z.ZodType = z.strictObject({
      get next() {
        return node.optional();
      },
    });
    expect(fieldsWithoutDescription(node)).toEqual(['next']);
  });

  it('end where a lazy schema makes itself anew at every look', () => {
    const value: z.ZodType = z.lazy(() => z.union([z.string(), z.array(value), z.record(z.string(), value)]));
    expect(fieldsWithoutDescription(z.strictObject({ value: value.describe('Any.'), other: value }))).toEqual([
      'other',
    ]);
  });

  it.each([
    ['service', serviceSchema],
    ['HTTP servers', httpServer('x')],
    ['HTTP clients', z.strictObject(httpClientFields)],
    ['gRPC servers', grpcServer('x')],
    ['gRPC clients', z.strictObject(grpcClientFields)],
    ['queued exporters', z.strictObject(exporterDelivery('5s'))],
  ])('there are none in the options of %s', (_name, schema) => {
    expect(fieldsWithoutDescription(schema)).toEqual([]);
  });
});
