import type { Family, Sample } from './registry.ts';

/** The Prometheus text format, version 0.0.4. Names carry no type suffix, as the Collector's own do not. */
export function prometheusText(families: readonly Family[]): string {
  let text = '';
  for (const { name, type, description, samples } of families) {
    text += `# HELP ${name} ${description.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
    for (const sample of samples) text += `${name}${labelText(sample)} ${numberText(sample.value)}\n`;
  }
  return text;
}

function labelText({ labels }: Sample): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) => `${key.replaceAll(/[^a-zA-Z0-9_]/g, '_')}="${escaped(String(value))}"`,
  );
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
