import type { z } from 'zod';
import type { Code } from './codes.ts';
import type { Place, Report } from './diagnostic.ts';
import { expectation, oneOf } from './expected.ts';
import { listed } from './ids.ts';
import { didYouMean, nearest } from './near.ts';
import { child, describeNode, locate, pointAt, type Located, type Node } from './node.ts';
import { fieldNames, formatOf, metaOf, schemasAt } from './schema-walk.ts';
import { comesFromSecret, isHidden, isSensitiveName, redacted } from './secrets.ts';
import { bestBranch } from './union.ts';

/** A part of the configuration that a schema speaks about. */
export interface Subject {
  /** Its path as users write it, for example `exporters.otlp_http`. */
  readonly name: string;
  readonly node: Node;
  /** The key it hangs under. */
  readonly key: Place;
  readonly schema: z.core.$ZodType;
  /** Fields that something else takes from the same map, for "did you mean". */
  readonly otherFields?: readonly string[];
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Says in our words, with places, what a schema found wrong. */
export function reportIssues(subject: Subject, issues: readonly Issue[], report: Report): void {
  reportAll(subject, issues, [], report);
}

/** A field that is there under a misspelt name is not reported as missing, too. */
function reportAll(subject: Subject, issues: readonly Issue[], base: Path, report: Report): void {
  const misspelt = new Set<string>();
  const rest = issues.filter((issue) => {
    if (issue.code !== 'unrecognized_keys') return true;
    const path = [...base, ...issue.path];
    for (const key of unknownFields(subject, path, issue.keys, report)) misspelt.add(nameOf(subject, [...path, key]));
    return false;
  });
  for (const issue of rest) {
    const path = [...base, ...issue.path];
    const there = locate(subject.node, subject.key, path).exact;
    if (there || !misspelt.has(nameOf(subject, path))) reportIssue(subject, issue, path, report);
  }
}

function reportIssue(subject: Subject, issue: Issue, path: Path, report: Report): void {
  if (!locate(subject.node, subject.key, path).exact && fromAbsence.has(issue.code)) {
    return missingField(subject, path, report);
  }
  if (issue.code === 'invalid_union' && formatRule(subject, path) === undefined) {
    return reportUnion(subject, issue, path, report);
  }
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    for (const inner of issue.issues) keyIssue(subject, path, inner, report);
    return;
  }
  const expected = expectation(issue);
  if (expected === undefined) return customIssue(subject, path, issue, report);
  const code = issue.code === 'invalid_type' ? 'wrong-type' : 'invalid-value';
  wrongValue(subject, path, { code, expected, allowed: issue.code === 'invalid_value' ? issue.values : [] }, report);
}

/** What a schema says of a field that is not there. */
const fromAbsence = new Set<Issue['code']>(['invalid_type', 'invalid_value', 'invalid_union']);

function reportUnion(subject: Subject, issue: z.core.$ZodIssueInvalidUnion, path: Path, report: Report): void {
  const best = bestBranch(issue);
  if (best.kind === 'issues') return reportAll(subject, best.issues, path, report);
  const rule: Rule =
    best.kind === 'expected'
      ? { code: 'wrong-type', expected: best.expected }
      : { code: 'invalid-value', expected: oneOf(best.options), allowed: best.options };
  wrongValue(subject, path, rule, report);
}

/** Returns the names that were probably meant. */
function unknownFields(subject: Subject, path: Path, keys: readonly string[], report: Report): string[] {
  const { node } = locate(subject.node, subject.key, path);
  const known = fieldNames(schemasAt(subject.schema, path)).concat(
    path.length === 0 ? (subject.otherFields ?? []) : [],
  );
  return keys.flatMap((key) => {
    const entry = child(node, key);
    const place = entry?.key ?? subject.key;
    const near = nearest(key, known);
    // A misspelt password is still one.
    if (entry !== undefined && isSensitiveName(near ?? key)) report.hide(entry.value.place);
    const all = known.length > 0 && known.length <= 8 ? { hint: `it takes ${listed(known)}` } : {};
    const hint = near === undefined ? all : { hint: `did you mean ${JSON.stringify(near)}?` };
    report.error('unknown-field', place, `unknown field ${JSON.stringify(key)} in ${nameOf(subject, path)}`, hint);
    return near ?? [];
  });
}

function missingField(subject: Subject, path: Path, report: Report): void {
  const { keyPlace } = locate(subject.node, subject.key, path);
  const description = schemasAt(subject.schema, path)
    .map((schema) => metaOf(schema, 'description'))
    .find((found) => typeof found === 'string');
  const message = `missing field ${JSON.stringify(String(path.at(-1) ?? ''))} in ${nameOf(subject, path.slice(0, -1))}`;
  report.error('missing-field', keyPlace, message, typeof description === 'string' ? { hint: description } : {});
}

function keyIssue(subject: Subject, path: Path, issue: Issue, report: Report): void {
  const key = String(path.at(-1) ?? '');
  const { keyPlace } = locate(subject.node, subject.key, path);
  report.error(
    'invalid-value',
    keyPlace,
    `${nameOf(subject, path.slice(0, -1))} has a key that is not allowed: ${issue.message}`,
    {
      found: JSON.stringify(key),
    },
  );
}

/** What a value has to be: words to come after "must be", and the values allowed where they can be listed. */
interface Rule {
  readonly code: Code;
  readonly expected: string;
  readonly allowed?: readonly unknown[];
}

const formats: Readonly<Record<string, Rule>> = {
  duration: { code: 'invalid-duration', expected: 'a duration such as 250ms, 5s or 1h30m' },
  'byte-size': { code: 'invalid-size', expected: 'a size such as 512KiB, 20MB or a number of bytes' },
};

function formatRule(subject: Subject, path: Path): Rule | undefined {
  return formats[formatOf(schemasAt(subject.schema, path)) ?? ''];
}

function customIssue(subject: Subject, path: Path, issue: Issue, report: Report): void {
  const format = formatRule(subject, path);
  if (format !== undefined) return wrongValue(subject, path, format, report);
  const located = locate(subject.node, subject.key, path);
  report.error(
    'invalid-value',
    pointAt(located),
    `${nameOf(subject, path)}: ${issue.message}`,
    found(subject, path, located),
  );
}

function wrongValue(subject: Subject, path: Path, rule: Rule, report: Report): void {
  const located = locate(subject.node, subject.key, path);
  const { code, expected, allowed } = formatRule(subject, path) ?? rule;
  const hint = hintFor(located.node, code, expected, allowed ?? []);
  report.error(code, pointAt(located), `${nameOf(subject, path)} must be ${expected}`, {
    ...found(subject, path, located),
    ...(hint === undefined ? {} : { hint }),
  });
}

function hintFor(node: Node, code: Code, expected: string, allowed: readonly unknown[]): string | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (typeof node.value === 'number' && code === 'invalid-duration') return `with a unit: ${node.text}s`;
  if (typeof node.value !== 'string' && expected === 'a string' && node.value !== null)
    return `in quotes it is one: "${node.text}"`;
  const texts = allowed.filter((value) => typeof value === 'string');
  if (typeof node.value === 'string') return didYouMean(node.value, texts).hint;
  return texts.includes(node.text) ? `in quotes: "${node.text}"` : undefined;
}

function found(subject: Subject, path: Path, { node, exact }: Located): { found?: string } {
  if (!exact) return {};
  const hidden = isHidden(path, schemasAt(subject.schema, path));
  const secret = node.kind === 'scalar' && (hidden || comesFromSecret(node.template));
  return { found: secret ? redacted : describeNode(node) };
}

/** `exporters.otlp_http.headers`, `processors.filter.logs.log_record[0]`. */
function nameOf(subject: Subject, path: Path): string {
  return subject.name + path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
}
