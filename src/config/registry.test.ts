import { describe, expect, it } from 'vitest';
import { defineExtension, defineReceiver, z } from '../plugin/index.ts';
import { createRegistry } from './registry.ts';

const receiver = (type: string, aliases: string[] = []) =>
  defineReceiver({
    type,
    aliases,
    summary: type,
    signals: ['logs'],
    sharing: 'port',
    config: z.strictObject({}),
    start: () => {},
  });
const extension = (type: string) =>
  defineExtension({ type, summary: type, config: z.strictObject({}), start: () => ({}) });

describe('a registry', () => {
  it('finds components by kind and type, and by earlier names', () => {
    const registry = createRegistry([receiver('file_log', ['filelog']), extension('file_log')]);
    expect(registry.find('receiver', 'file_log')).toMatchObject({
      deprecated: false,
      definition: { kind: 'receiver' },
    });
    expect(registry.find('receiver', 'filelog')).toMatchObject({ deprecated: true, definition: { type: 'file_log' } });
    expect(registry.find('exporter', 'file_log')).toBeUndefined();
    expect(registry.kindsOf('file_log')).toEqual(['receiver', 'extension']);
    expect(registry.list('extension')).toHaveLength(1);
  });

  it('refuses two components of a kind under one name', () => {
    expect(() => createRegistry([receiver('a'), receiver('b', ['a'])])).toThrow('two definitions of the receiver "a"');
  });

  it('suggests the present name where an earlier one is near', () => {
    expect(createRegistry([receiver('file_log', ['tail'])]).nearest('receiver', 'tial')).toBe('file_log');
  });
});
