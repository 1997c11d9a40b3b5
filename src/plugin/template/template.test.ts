import { describe, expect, it } from 'vitest';
import { parseTemplate, type TemplatePlace } from './template.ts';

const time = Date.parse('2026-03-04T05:06:07.890Z');
const values = new Map([
  ['any/service.name', 'shop'],
  ['resource/host', 'h1'],
  ['record/host', 'h2'],
]);
const value = ({ of, key }: TemplatePlace): string | undefined => values.get(`${of}/${key}`);
const rendered = (source: string): string | undefined => parseTemplate(source).render(value, time);

describe('a template', () => {
  it('has its places filled with attributes', () => {
    expect(rendered('a/{service.name}/{resource:host}-{record:host}')).toBe('a/shop/h1-h2');
  });

  it('has a fallback for what is absent, which may be empty', () => {
    expect(rendered('{tenant|none}{x|}')).toBe('none');
  });

  it('is nothing where an attribute is absent and has no fallback', () => {
    expect(rendered('a{tenant}')).toBeUndefined();
  });

  it('has parts of a time, in UTC', () => {
    expect(rendered('%Y/%m/%d %H:%M:%S %y %j %F %s')).toBe('2026/03/04 05:06:07 26 063 2026-03-04 1772600767');
  });

  it('has parts of a time in local time where it is told to', () => {
    const local = new Date(time);
    expect(parseTemplate('%H', { timezone: 'local' }).render(value, time)).toBe(
      String(local.getHours()).padStart(2, '0'),
    );
  });

  it('has doubled characters for those that mean something', () => {
    expect(rendered('{{a}} 5%%')).toBe('{a} 5%');
  });

  it('tells whether it asks for a time, and for which attributes', () => {
    expect(parseTemplate('%Y').timed).toBe(true);
    expect(parseTemplate('{a|b}')).toMatchObject({ timed: false, places: [{ of: 'any', key: 'a', fallback: 'b' }] });
  });

  it.each([
    ['a{b', 'at character 2 of "a{b": expected } for this {'],
    ['a}b', 'at character 2 of "a}b": expected { before this }; }} stands for the character'],
    ['{}', 'at character 1 of "{}": expected the name of an attribute between { and }'],
    ['{resource:}', 'at character 1 of "{resource:}": expected the name of an attribute between { and }'],
    ['%q', 'at character 1 of "%q": expected %Y, %y, %m, %d, %H, %M, %S, %j, %s or %F; %% stands for the character'],
  ])('that is broken says where: %s', (source, message) => {
    expect(() => parseTemplate(source)).toThrow(message);
  });
});
