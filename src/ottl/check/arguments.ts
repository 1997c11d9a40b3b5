import type { Converter } from '../functions/converter.ts';
import type { ArgumentNode, CallNode, TextRange } from '../syntax/tree.ts';

/** The arguments of a call in the order of the parameters, or undefined where they do not fit and `report` was told. */
export function argumentsInOrder(
  call: CallNode,
  { name, parameters }: Converter,
  report: (at: TextRange, message: string) => void,
): (ArgumentNode | undefined)[] | undefined {
  const ordered: (ArgumentNode | undefined)[] = parameters.map(() => undefined);
  const signature = `${name}(${parameters.map((each) => (each.optional ? `[${each.name}]` : each.name)).join(', ')})`;
  let named = false;
  let fit = true;
  const complain = (at: TextRange, message: string): void => {
    fit = false;
    report(at, message);
  };
  for (const [i, arg] of call.args.entries()) {
    named ||= arg.name !== undefined;
    const position = arg.name === undefined ? i : parameters.findIndex((each) => each.name === arg.name);
    if (arg.name === undefined && named) complain(arg, 'expected a named argument, as those before it');
    else if (position < 0) complain(arg, `${signature} has no argument ${arg.name}`);
    else if (position >= parameters.length)
      complain(arg, `${signature} takes no more than ${parameters.length} arguments`);
    else if (ordered[position] !== undefined) complain(arg, `${parameters[position]?.name} is given twice`);
    else ordered[position] = arg;
  }
  const lacking = parameters.filter(({ optional }, i) => !optional && ordered[i] === undefined);
  if (fit && lacking.length > 0) complain(call, `${signature} lacks ${lacking.map((each) => each.name).join(' and ')}`);
  return fit ? ordered : undefined;
}
