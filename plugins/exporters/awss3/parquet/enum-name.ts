import { enumValues, type EnumName } from 'sluice/plugin';

const prefixes: Readonly<Record<EnumName, string>> = {
  SeverityNumber: 'SEVERITY_NUMBER_',
  SpanKind: 'SPAN_KIND_',
  StatusCode: 'STATUS_CODE_',
  AggregationTemporality: 'AGGREGATION_TEMPORALITY_',
};

const names: Readonly<Record<EnumName, readonly string[]>> = {
  SeverityNumber: namesOf('SeverityNumber'),
  SpanKind: namesOf('SpanKind'),
  StatusCode: namesOf('StatusCode'),
  AggregationTemporality: namesOf('AggregationTemporality'),
};

function namesOf(name: EnumName): readonly string[] {
  return enumValues[name].map((value) => value.slice(prefixes[name].length));
}

/** `SERVER` for 2 of `SpanKind`; the number's digits where it has no name, and undefined for 0, which stands for no value. */
export function enumName(name: EnumName, value: number): string | undefined {
  return value === 0 ? undefined : (names[name][value] ?? String(value));
}
