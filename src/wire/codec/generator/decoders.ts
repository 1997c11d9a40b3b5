import { codingOf, isPacked, tagOf } from './coding.ts';
import { envelopes, shapes, type Member, type Shape } from './model.ts';

/** A `readX(reader, into)` for each message, as the text of a module. */
export function decodersModule(): string {
  const imports = [
    "import { readAttribute, readValue } from '../read-value.ts';",
    "import type { Reader } from '../reader.ts';",
    `import { ${[...new Set(shapes.map(({ className }) => className))].sort().join(', ')} } from '../records.ts';`,
  ];
  return `${imports.join('\n')}\n\n${shapes.map(decoderText).join('\n')}`;
}

/** The type of the object that a message is decoded into. */
export function typeOf({ message, className }: Shape): string {
  if (envelopes[message] === undefined) return className;
  const signal = /Logs/.test(message) ? 'logs' : /Metrics/.test(message) ? 'metrics' : 'traces';
  return `${className}<'${signal}'>`;
}

function decoderText(shape: Shape): string {
  let known = 0;
  for (const { field } of shape.members) known |= 1 << field.number;
  return `/** Reads up to the end of the message. Fields that are there already are merged, as protobuf has it. */
export function read${shape.message}(r: Reader, into: ${typeOf(shape)}): void {
  while (r.pos < r.end) {
    const start = r.pos;
    const tag = r.tag();
    switch (tag) {
${shape.members.flatMap(casesOf).join('\n')}
      default:
        into.unknown = r.unknown(tag, start, ${known}, into.unknown);
    }
  }
}
`;
}

function casesOf(member: Member): string[] {
  const own = caseText(tagOf(member), statementsOf(member));
  if (!isPacked(member)) return [own];
  const { wireType, read } = codingOf(member);
  return [own, caseText(member.field.number * 8 + wireType, [`into.${member.property}.push(r.${read}());`])];
}

function caseText(tag: number, statements: readonly string[]): string {
  return [`      case ${tag}: {`, ...statements.map((line) => `        ${line}`), '        break;', '      }'].join(
    '\n',
  );
}

function statementsOf(member: Member): string[] {
  const property = `into.${member.property}`;
  if (member.special === 'attributes') return [`readAttribute(r, ${property});`];
  if (member.special === 'value') return [`${property} = readValue(r, ${property});`];
  if (member.target !== undefined) return messageStatements(member, member.target, property);
  const { read, wireType } = codingOf(member);
  if (isPacked(member)) {
    return [
      `const outer = r.enterPacked(${wireType === 1 ? 8 : 0});`,
      `while (r.pos < r.end) ${property}.push(r.${read}());`,
      'r.leavePacked(outer);',
    ];
  }
  return member.field.repeated
    ? [`${property}.push(r.${read}());`]
    : [`${property} = r.${read}();`, ...displace(member)];
}

function messageStatements(member: Member, target: Shape, property: string): string[] {
  const read = [`const outer = r.enter();`, `read${target.message}(r, next);`, 'r.leave(outer);'];
  if (!member.field.repeated)
    return [`const next = (${property} ??= new ${target.className}());`, ...displace(member), ...read];
  return [
    `const next = new ${target.className}${typeOf(target).slice(target.className.length)}();`,
    ...read,
    `${property}.push(next);`,
  ];
}

/** The last member of a oneof is the one that counts. */
function displace({ rivals }: Member): string[] {
  return rivals.map((rival) => `into.${rival} = undefined;`);
}
