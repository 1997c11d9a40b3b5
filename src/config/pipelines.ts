import type { Signal } from '../wire/index.ts';
import type { Place, Report } from './diagnostic.ts';
import { isSignal, parseId, whyNotAnId } from './ids.ts';
import { nearest } from './near.ts';
import { child, isNull, type Node } from './node.ts';

/** An id in a list, and where it stands. */
export interface Reference {
  readonly id: string;
  readonly place: Place;
}

export const roles = ['receivers', 'processors', 'exporters'] as const;
export type Role = (typeof roles)[number];

/** A pipeline as written: what is malformed in it is left out here and reported by the schema. */
export interface WrittenPipeline extends Readonly<Record<Role, readonly Reference[]>> {
  readonly id: string;
  readonly key: Place;
  /** Undefined where the id does not say. */
  readonly signal?: Signal;
}

/** Reads `service.pipelines` and checks what each pipeline is by itself: its id, its ends, its lists. */
export function readPipelines(service: Node, report: Report): readonly WrittenPipeline[] {
  const node = child(service, 'pipelines')?.value;
  if (node?.kind !== 'map') return [];
  return [...node.entries].map(([id, { key, value }]) => {
    const signal = pipelineSignal(id, key, report);
    const lists = Object.fromEntries(roles.map((role) => [role, referencesIn(child(value, role)?.value)])) as Record<
      Role,
      Reference[]
    >;
    const pipeline: WrittenPipeline = { id, key, ...lists, ...(signal === undefined ? {} : { signal }) };
    if (value.kind === 'map' || isNull(value)) checkEnds(pipeline, value, report);
    for (const role of roles) checkDuplicates(`service.pipelines.${id}.${role}`, pipeline[role], report);
    return pipeline;
  });
}

function pipelineSignal(id: string, key: Place, report: Report): Signal | undefined {
  const type = id.split('/', 1)[0] ?? '';
  if (type === 'profiles') {
    report.error('unsupported-signal', key, `the pipeline "${id}" carries profiles, which are not supported`);
    return undefined;
  }
  const why = parseId(id) === undefined ? whyNotAnId(id) : undefined;
  if (why === undefined && isSignal(type)) return type;
  const near = nearest(type, ['logs', 'traces', 'metrics']);
  const rest = id.slice(type.length);
  const hint = why ?? (near === undefined ? `for example logs/${id}` : `did you mean ${JSON.stringify(near + rest)}?`);
  report.error(
    'invalid-pipeline-id',
    key,
    `${JSON.stringify(id)} is not a pipeline id: it starts with logs, traces or metrics`,
    { hint },
  );
  return undefined;
}

function checkEnds(pipeline: WrittenPipeline, node: Node, report: Report): void {
  for (const role of ['receivers', 'exporters'] as const) {
    const list = child(node, role);
    const empty =
      list === undefined || isNull(list.value) || (list.value.kind === 'list' && list.value.items.length === 0);
    if (empty)
      report.error('empty-pipeline', list?.key ?? pipeline.key, `the pipeline "${pipeline.id}" has no ${role}`);
  }
}

/** The ids of a list, with their places; also of a map or a single text in its stead, which the schema refuses. */
export function referencesIn(node: Node | undefined): Reference[] {
  if (node === undefined) return [];
  if (node.kind === 'map') return [...node.entries].map(([id, { key }]) => ({ id, place: key }));
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [{ id: item.value, place: item.place }] : [],
  );
}

export function checkDuplicates(list: string, references: readonly Reference[], report: Report): void {
  const first = new Map<string, Place>();
  for (const { id, place } of references) {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, place);
    else
      report.error('duplicate-reference', place, `${JSON.stringify(id)} stands twice in ${list}`, {
        related: [{ message: 'first named here', place: earlier }],
      });
  }
}
