import { codingOf, isPacked, tagOf } from './coding.ts';
import { typeOf } from './decoders.ts';
import { shapes, type Member, type Shape } from './model.ts';

/** A `writeX(writer, from)` for each message, as the text of a module. */
export function encodersModule(): string {
  const imports = [
    `import type { ${[...new Set(shapes.map(({ className }) => className))].sort().join(', ')} } from '../records.ts';`,
    "import { writeAttributes, writeValue } from '../write-value.ts';",
    "import type { Writer } from '../writer.ts';",
  ];
  return `${imports.join('\n')}\n\n${shapes.map(encoderText).join('\n')}`;
}

function encoderText(shape: Shape): string {
  const fields = shape.members.toReversed().flatMap(statementsOf);
  return `/** Writes the fields, last to first. */
export function write${shape.message}(w: Writer, from: ${typeOf(shape)}): void {
  if (from.unknown !== undefined) w.raw(from.unknown);
${fields.map((line) => `  ${line}`).join('\n')}
}
`;
}

function statementsOf(member: Member): string[] {
  const property = `from.${member.property}`;
  const tag = tagOf(member);
  if (member.special === 'attributes') return [`writeAttributes(w, ${tag}, ${property});`];
  if (member.special === 'value') return [`if (${property} !== undefined) writeValue(w, ${tag}, ${property});`];
  if (member.target !== undefined) return messageStatements(member, member.target, property);
  if (isPacked(member)) return packedStatements(member, property);
  const { write, set } = codingOf(member);
  if (member.field.repeated) return [`for (const element of ${property}.toReversed()) w.${write}(${tag}, element);`];
  const condition = member.field.presence ? `${property} !== undefined` : set.replaceAll('v', property);
  return [`if (${condition}) w.${write}(${tag}, ${property});`];
}

function packedStatements(member: Member, property: string): string[] {
  return [
    `if (${property}.length > 0) {`,
    '  const mark = w.size;',
    `  for (let i = ${property}.length - 1; i >= 0; i--) w.${codingOf(member).element}(${property}[i]!);`,
    `  w.close(${tagOf(member)}, mark);`,
    '}',
  ];
}

function messageStatements(member: Member, target: Shape, property: string): string[] {
  const write = (source: string) => [
    '  const mark = w.size;',
    `  write${target.message}(w, ${source});`,
    `  w.close(${tagOf(member)}, mark);`,
    '}',
  ];
  if (!member.field.repeated) return [`if (${property} !== undefined) {`, ...write(property)];
  return [`for (let i = ${property}.length - 1; i >= 0; i--) {`, ...write(`${property}[i]!`)];
}
