import type { Compilation, Operation } from './compilation.ts';
import type { Frame } from './frame.ts';
import { level } from './levels.ts';
import type { Shape } from './shape.ts';

/** A kind of message on the way to the records, with what a plan does there. */
export interface Node {
  /** Undefined where no step and no condition looks at this message. */
  readonly frame: Frame | undefined;
  readonly program: readonly Operation[];
  /** The field with the resource or scope itself; 0 where the message is looked at as a whole. */
  readonly selfTag: number;
  readonly attributes: number;
  /** By tag below 128: messages to go into. */
  readonly inner: readonly (Node | undefined)[];
  /** The tag of records to look at, 0 where there are none. */
  readonly recordTag: number;
  readonly record: Node | undefined;
  /** What is decoded alone where it is odd. Undefined: it makes this message odd as well. */
  readonly decodes: 'resource' | 'entry' | undefined;
  /** The resource or scope at hand; -1 where there is none. */
  selfAt: number;
  selfEnd: number;
}

/** The nodes of a plan, from the request down. Messages that the plan has nothing to do with are left out. */
export function nodesOf(plan: Compilation, request: Shape): Node {
  return { ...nodeOf(plan, request), decodes: 'resource' };
}

function nodeOf(plan: Compilation, shape: Shape): Node {
  const program = shape.level === undefined ? [] : (plan.programs[shape.level] as readonly Operation[]);
  const inner = Array.from<Node | undefined>({ length: 128 });
  let recordTag = 0;
  let record: Node | undefined;
  for (const [tag, child] of shape.children) {
    if (!isWanted(plan, child)) continue;
    const node = nodeOf(plan, child);
    if (child.level === level.record) {
      recordTag = tag;
      record = node;
    } else inner[tag] = node;
  }
  return {
    frame: program.length === 0 ? undefined : plan.frame(shape.level as 0 | 1 | 2 | 3),
    program,
    selfTag: shape.selfTag,
    attributes: shape.attributes,
    inner,
    recordTag,
    record,
    decodes: shape.level === level.scope ? 'entry' : undefined,
    selfAt: -1,
    selfEnd: -1,
  };
}

function isWanted(plan: Compilation, shape: Shape): boolean {
  if (shape.level !== undefined && (plan.programs[shape.level] as readonly Operation[]).length > 0) return true;
  return [...shape.children.values()].some((child) => isWanted(plan, child));
}
