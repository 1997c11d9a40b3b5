import { enumValues, type EnumName } from 'sluice/plugin';

const prefixes: Readonly<Record<EnumName, string>> = {
  SeverityNumber: 'SEVERITY_NUMBER_',
  SpanKind: 'SPAN_KIND_',
  StatusCode: 'STATUS_CODE_',
  AggregationTemporality: 'AGGREGATION_TEMPORALITY_',
};

/** `SERVER` for 2 of `SpanKind`; the number's digits where it has no name, and undefined for 0, which stands for no value. */
export function enumName(name: EnumName, value: number): string | undefined {
  if (value === 0) return undefined;
  return enumValues[name][value]?.slice(prefixes[name].length) ?? String(value);
}
