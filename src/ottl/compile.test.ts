import { describe, expect, test } from 'vitest';
import { Attributes, LogRecord, Resource, Scope, Span, type AnyValue, type Place } from '../wire/index.ts';
import { compileCondition, compileInferred } from './compile.ts';
import type { ContextName } from './paths/context.ts';
import { EvaluationError } from './run/value.ts';
import { OttlError } from './syntax/problem.ts';

const resource = Resource.from({ attributes: Attributes.from({ 'service.name': 'shop' }) });
const place: Place = { signal: 'logs', resource, scope: Scope.from({ name: 'lib' }), metric: undefined };

const attributes: [string, AnyValue | undefined][] = [
  ['text', 'größe'],
  ['int', 5n],
  ['big', 2n ** 60n + 1n],
  ['double', 2.5],
  ['yes', true],
  ['bytes', Uint8Array.of(0xca, 0xfe)],
  ['list', ['a', 1n]],
  ['map', Attributes.from({ inner: 'x', n: 1n })],
  ['empty', undefined],
  ['no bytes', new Uint8Array(0)],
  ['__proto__', 'safe'],
];
const log = LogRecord.from({
  severityNumber: 17,
  severityText: 'ERROR',
  body: 'hello world',
  attributes: Attributes.from(attributes),
  timeUnixNano: 1_700_000_000_123_456_789n,
  traceId: '0102030405060708090a0b0c0d0e0f10',
});

function holds(text: string): boolean | 'error' {
  try {
    return compileCondition(text, 'log').test({ place, record: log });
  } catch (error) {
    if (error instanceof EvaluationError) return 'error';
    throw error;
  }
}

describe('comparisons', () => {
  test.each<[string, boolean]>([
    ['attributes["int"] == 5', true],
    ['attributes["int"] == 5.0', true],
    ['attributes["double"] > 2', true],
    ['attributes["int"] == "5"', false],
    ['attributes["int"] != "5"', true],
    ['attributes["int"] < "6"', false],
    ['attributes["text"] < "h"', true],
    ['attributes["yes"] > false', true],
    ['attributes["big"] == 1152921504606846976.0', true],
    ['attributes["big"] == 1152921504606846976', false],
    ['attributes["bytes"] == 0xCAFE', true],
    ['attributes["bytes"] < 0xCAFF', true],
    ['attributes["none"] == nil', true],
    ['attributes["empty"] == nil', true],
    ['attributes["no bytes"] == nil', true],
    ['attributes["no bytes"] != 0xCA', true],
    ['attributes["none"] <= nil', true],
    ['attributes["none"] < nil', false],
    ['attributes["none"] != "a"', true],
    ['nil != attributes["int"]', true],
    ['attributes["list"] == ["a", 1]', true],
    ['attributes["list"] == ["a", 1.0]', false],
    ['attributes["map"] == {"n": 1, "inner": "x"}', true],
    ['attributes["map"] < {"n": 1}', false],
    ['attributes["__proto__"] == "safe"', true],
    ['trace_id == TraceID(0x0102030405060708090a0b0c0d0e0f10)', true],
    ['trace_id == TraceID("0102030405060708090a0b0c0d0e0f10")', true],
    ['trace_id != SpanID(0x0102030405060708)', true],
    ['span_id.string == "0000000000000000"', true],
    ['instrumentation_scope.name == scope.name', true],
    ['resource.attributes["service.name"] == "shop"', true],
    ['severity_number >= SEVERITY_NUMBER_ERROR and log.severity_text == "ERROR"', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });
});

describe('paths into values', () => {
  test.each<[string, boolean | 'error']>([
    ['attributes["map"]["inner"] == "x"', true],
    ['attributes["map"]["none"]["deeper"] == nil', true],
    ['attributes["list"][1] == 1', true],
    ['attributes["list"][attributes["map"]["n"]] == 1', true],
    ['attributes["list"][2] == 1', 'error'],
    ['attributes["list"]["a"] == 1', 'error'],
    ['attributes["text"]["a"] == nil', 'error'],
    ['attributes["empty"]["a"] == nil', 'error'],
    ['body["a"] == nil', 'error'],
    ['not (body["a"] == nil)', 'error'],
    ['severity_number == 17 or body["a"] == nil', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });
});

describe('functions and math', () => {
  test.each<[string, boolean | 'error']>([
    ['IsMatch(body, "^hello\\\\s")', true],
    ['IsMatch(attributes["int"], "^5$")', true],
    ['IsMatch(attributes["map"], "\\"inner\\":\\"x\\"")', true],
    ['IsMatch(attributes["bytes"], "^cafe$")', true],
    ['IsMatch(attributes["none"], ".*")', false],
    ['IsMatch(body, attributes["none"])', 'error'],
    ['IsString(attributes["text"]) and not IsString(attributes["none"])', true],
    ['IsInt(attributes["int"]) and IsDouble(attributes["double"]) and IsBool(attributes["yes"])', true],
    ['IsMap(attributes["map"]) and IsList(attributes["list"]) and not IsMap(body)', true],
    ['Len(attributes["text"]) == 7', true],
    ['Len(attributes["int"]) == 1', 'error'],
    ['Int("12") == 12 and Int("x") == nil and Int(2.9) == 2', true],
    ['Double(body) == 1.0', 'error'],
    ['String(attributes["list"]) == "[\\"a\\",1]"', true],
    ['Concat(["a", attributes["int"], attributes["none"]], "-") == "a-5-<nil>"', true],
    ['Substring(body, 6, 5) == "world"', true],
    ['Substring(body, 6, 50) == "world"', 'error'],
    ['HasPrefix(body, "hell") and HasSuffix(body, "world")', true],
    ['HasPrefix(attributes["int"], "5")', 'error'],
    ['ConvertCase(severity_text, "lower") == ToLowerCase("ERROR")', true],
    ['ToUpperCase(attributes["text"]) == "GRÖßE"', true],
    ['ContainsValue(attributes["list"], "a")', true],
    ['Index(body, "wor") == 6', true],
    ['Split("a,b", ",")[1] == "b"', true],
    ['UnixNano(time) == time_unix_nano and UnixSeconds(time) == 1700000000', true],
    ['time - Duration("1h") < time and Hours(Duration("90m")) == 1.5', true],
    ['Now() > time', true],
    ['Substring(target=body, length=5, start=0) == "hello"', true],
    ['attributes["int"] * 2 - 1 == 9 and 7 / 2 == 3 and -attributes["int"] == -5', true],
    ['attributes["int"] / 0 == 1', 'error'],
    ['attributes["int"] + attributes["text"] == 1', 'error'],
    ['Len(body)', 'error'],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  test('a span is a root without a parent', () => {
    const { test: isRoot } = compileCondition('IsRootSpan()', 'span');
    expect(isRoot({ place, record: Span.from({}) })).toBe(true);
    expect(isRoot({ place, record: Span.from({ parentSpanId: '0102030405060708' }) })).toBe(false);
  });
});

describe('plans', () => {
  test.each<[ContextName, string, object | undefined]>([
    ['log', 'severity_number < SEVERITY_NUMBER_WARN', { compare: { field: 'severity_number' }, is: '<', value: 13n }],
    ['log', '"x" != attributes["a"]', { not: { equals: { attribute: 'a', of: 'record' }, value: 'x' } }],
    ['log', '5 >= severity_number', { compare: { field: 'severity_number' }, is: '<=', value: 5n }],
    ['log', 'body == nil', { not: { exists: { field: 'body' }, valued: true } }],
    ['log', 'attributes["a"] < nil', { any: [] }],
    ['span', 'name == nil or true', { any: [{ any: [] }, { all: [] }] }],
    ['span', 'IsMatch(name, "^a")', { matches: { field: 'name' }, pattern: /^a/ }],
    ['datapoint', 'metric.name == "a"', { equals: { field: 'name' }, value: 'a' }],
    ['resource', 'attributes["a"] == true', { equals: { attribute: 'a', of: 'resource' }, value: true }],
    ['log', 'IsMatch(body, "^a")', { matches: { field: 'body' }, pattern: /^a/, structured: true }],
    ['log', 'attributes["a"] == nil', { not: { exists: { attribute: 'a', of: 'record' }, valued: true } }],
    ['log', 'attributes["a"]["b"] == 1', undefined],
    ['log', 'attributes["a"] == 9007199254740993', undefined],
    ['log', 'attributes["a"] == attributes["b"]', undefined],
    ['log', 'severity_text < "b"', undefined],
    ['log', 'severity_number < 9 and Len(attributes) > 1', undefined],
    ['spanevent', 'span.name == "a"', undefined],
  ])('of a %s, %s', (context, text, expected) => {
    expect(compileCondition(text, context).plan).toEqual(expected);
  });
});

describe('what is wrong', () => {
  function messages(text: string, context: ContextName = 'log'): string[] {
    try {
      compileCondition(text, context);
    } catch (error) {
      if (error instanceof OttlError) return error.problems.map(({ offset, message }) => `${offset}: ${message}`);
      throw error;
    }
    return [];
  }

  test.each<[string, string[]]>([
    ['severty == 1', ['0: a log has no field severty; it has time, time_unix_nano']],
    ['span.name == "a"', ['0: a log condition cannot look at span; it knows log, scope, resource']],
    ['profile.name == "a"', ['0: profile is no context here']],
    ['resource == nil', ['0: expected a field after resource, such as resource.attributes']],
    ['log.cache["a"] == 1', ['4: log.cache is not supported yet']],
    ['resource.schema_url == "a"', ['9: resource.schema_url is not supported yet']],
    ['trace_id.bytes == "a"', ['9: trace_id has no field bytes; it has string']],
    ['severity_text["a"] == 1', ['14: severity_text has no keys']],
    [
      'severity_number == SEVERITY_NUMBER_WARM',
      ['19: a log condition has no enum SEVERITY_NUMBER_WARM; did you mean SEVERITY_NUMBER_WARN?'],
    ],
    ['IsMtch(body, "a")', ['0: there is no function IsMtch; did you mean IsMatch?']],
    ['ParseJSON(body) == nil', ['0: the function ParseJSON is not supported yet']],
    ['IsRootSpan()', ['0: IsRootSpan is for span conditions, not for log']],
    ['IsMatch(body)', ['0: IsMatch(target, pattern) lacks pattern']],
    ['IsMatch(body, "a", 1)', ['19: IsMatch(target, pattern) takes no more than 2 arguments']],
    ['IsMatch(body, what="a")', ['14: IsMatch(target, pattern) has no argument what']],
    ['IsMatch(body, 5)', ['14: IsMatch: expected string, found int']],
    ['IsMatch(body, "(a")', ['0: IsMatch: ']],
    ['Double("x") == 1.0', ['7: Double: x is no number']],
    ['TraceID(0x01) == trace_id', ['0: TraceID: a trace id has 16 bytes']],
    ['ConvertCase(body, "snake") == "a"', ['0: ConvertCase: the case snake is not supported yet']],
    ['a == 1 or b == 2', ['0: a log has no field a', '10: a log has no field b']],
  ])('%s', (text, expected) => {
    const found = messages(text);
    expect(found).toHaveLength(expected.length);
    for (const [i, start] of expected.entries()) expect(found[i]?.startsWith(start), found[i]).toBe(true);
  });
});

describe('contexts by inference', () => {
  test.each<[string, ContextName]>([
    ['resource.attributes["a"] == 1', 'resource'],
    ['resource.attributes["a"] == 1 and span.name == "a"', 'span'],
    ['span.name == "a" and spanevent.name == "b"', 'spanevent'],
    ['metric.name == "a" and datapoint.flags == FLAG_NONE', 'datapoint'],
    ['resource.attributes["a"] == SEVERITY_NUMBER_INFO', 'log'],
    ['resource.attributes["a"] == 1 and IsRootSpan()', 'span'],
    ['true', 'metric'],
  ])('%s is about a %s', (text, context) => {
    expect(compileInferred([text], 'metric').map((each) => each.context)).toEqual([context]);
  });

  test('a path has to say its context', () => {
    expect(() => compileInferred(['name == "a" and span.kind == 1'], 'span')).toThrow(
      'expected a path with its context, such as span.name or scope.name, found name, at position 1 (name)',
    );
  });
});
