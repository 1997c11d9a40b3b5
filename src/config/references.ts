import { sections, withArticle, type Declared, type Section } from './components.ts';
import { listed, parseId } from './ids.ts';
import { nearest } from './near.ts';
import { roles, type Reference, type Role, type WrittenPipeline } from './pipelines.ts';
import { homes, lookUp, type Scope } from './scope.ts';

/** Checks that what pipelines name is defined, is of the right kind and handles the signal. */
export function checkReferences(scope: Scope): void {
  for (const pipeline of scope.pipelines) {
    for (const role of roles) {
      for (const reference of pipeline[role]) {
        const declared = lookUp(scope.declarations, homes[role], reference.id);
        if (declared === undefined) reportUndefined(reference, role, scope);
        else {
          scope.mentioned.add(declared);
          checkSignal(pipeline, reference, declared, scope);
        }
      }
    }
  }
}

function checkSignal(pipeline: WrittenPipeline, { id, place }: Reference, declared: Declared, scope: Scope): void {
  const { definition } = declared;
  const { signal } = pipeline;
  if (definition === undefined || signal === undefined || !('signals' in definition)) return;
  if (definition.signals.includes(signal)) return;
  const { kind } = definition;
  const verb = kind === 'receiver' ? 'gives' : 'takes';
  scope.report.error('wrong-signal', place, `the ${kind} "${id}" cannot stand in the pipeline "${pipeline.id}"`, {
    hint: `it ${verb} ${listed(definition.signals)}, not ${signal}`,
  });
}

function reportUndefined({ id, place }: Reference, role: Role, scope: Scope): void {
  const { declarations, registry, report, mentioned } = scope;
  const kind = sections[role];
  const elsewhere = lookUp(declarations, Object.keys(sections) as Section[], id);
  if (elsewhere !== undefined) {
    mentioned.add(elsewhere);
    const message = `"${id}" is ${withArticle(elsewhere.kind)}, and cannot be ${withArticle(kind)} of a pipeline`;
    report.error('undefined-component', place, message, {
      related: [{ message: 'defined here', place: elsewhere.key }],
    });
    return;
  }
  const candidates = homes[role].flatMap((section) => [...declarations[section].keys()]);
  const near = nearest(id, candidates);
  const meant = near === undefined ? undefined : lookUp(declarations, homes[role], near);
  if (meant !== undefined) mentioned.add(meant);
  const known = registry.find(kind, parseId(id)?.type ?? id) !== undefined;
  const add = known ? { hint: `add "${id}:" under "${role}:"` } : {};
  const hint = near === undefined ? add : { hint: `did you mean ${JSON.stringify(near)}?` };
  report.error('undefined-component', place, `the ${kind} "${id}" is not defined`, hint);
}

/** Warns of what is defined and named nowhere. To be called after the other checks. */
export function checkUnused({ declarations, mentioned, report }: Scope): void {
  for (const declared of Object.values(declarations).flatMap((section) => [...section.values()])) {
    if (mentioned.has(declared)) continue;
    const { id, kind, key } = declared;
    const lack =
      kind === 'extension' ? 'not listed in service.extensions, so it does not start' : 'used in no pipeline';
    report.warning('unused-component', key, `the ${kind} "${id}" is defined, but ${lack}`);
  }
}
