/**
 * CPU time of an edit plan of five steps, per record, for both field orders. Run with
 * `node --conditions=@sluice/source test/bench/plan.bench.ts`.
 */
import { compilePlan } from '../../src/wire/plan/plan.ts';
import type { Batch, Signal } from '../../src/wire/index.ts';
import type { Step } from '../../src/wire/plan/step.ts';

type Fields = readonly (readonly [tag: number, value: Uint8Array | string | number])[];

/** Encodes fields in the order given, or backwards as Collectors write them. */
function message(descending: boolean, fields: Fields): Buffer {
  const parts = fields.map(([tag, value]) => {
    if (typeof value !== 'number') return lengthDelimited(tag, Buffer.from(value));
    if ((tag & 7) === 0) return Buffer.from([tag, value]);
    const fixed = Buffer.alloc((tag & 7) === 1 ? 9 : 5, 7);
    fixed[0] = tag;
    return fixed;
  });
  return Buffer.concat(descending ? parts.reverse() : parts);
}

function lengthDelimited(tag: number, value: Uint8Array): Buffer {
  const head = [tag];
  let rest = value.length;
  for (; rest > 127; rest >>>= 7) head.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...head, rest]), value]);
}

const methods = ['GET', 'POST', 'PUT', 'DELETE'];
const routes = ['/api/v2/search', '/api/v2/orders/{id}', '/checkout', '/api/v1/users/{id}/profile', '/health'];

function attributes(i: number): [string, string][] {
  return [
    ['http.request.method', methods[i % 4] as string],
    ['http.route', routes[i % 5] as string],
    ['url.path', `/api/v2/orders/${i}`],
    ['client.address', `10.41.${i % 256}.17`],
    ['server.address', `shop-${i % 7}.internal`],
    ['user_agent', 'Mozilla/5.0 (X11)'],
    ['enduser.id', `user-${10000 + i}`],
    ['session.id', `s-${i * 7919}`],
    ['thread.name', 'worker-3'],
    ['code.function', 'handleRequest'],
  ];
}

function record(signal: Signal, descending: boolean, i: number): Buffer {
  const pair = ([key, value]: [string, string]): Buffer =>
    message(descending, [
      [0x0a, key],
      [0x12, message(descending, [[0x0a, value]])],
    ]);
  const ids = Buffer.alloc(16, i);
  const attribute = signal === 'logs' ? 0x32 : 0x4a;
  const own = attributes(i).map((each): Fields[number] => [attribute, pair(each)]);
  if (signal === 'logs') {
    const body = message(descending, [[0x0a, `request ${i} took ${i % 977} ms`]]);
    return message(descending, [
      [0x09, 0],
      [0x10, 1 + ((i * 7) % 24)],
      [0x1a, 'INFO'],
      [0x2a, body],
      ...own,
      [0x4a, ids],
      [0x52, ids.subarray(8)],
      [0x59, 0],
    ]);
  }
  const span: Fields = [
    [0x0a, ids],
    [0x12, ids.subarray(8)],
    [0x2a, 'GET /api/v2/orders'],
    [0x30, 2],
    [0x39, 0],
    [0x41, 0],
    ...own,
    [0x7a, Buffer.of(0x18, 1)],
  ];
  return message(descending, span);
}

function request(signal: Signal, descending: boolean, count: number): Batch {
  const pair = (key: string): Buffer =>
    message(descending, [
      [0x0a, key],
      [0x12, message(descending, [[0x0a, `value of ${key}`]])],
    ]);
  const resources = 5;
  const scopes = 2;
  const per = count / resources / scopes;
  const resource = message(
    descending,
    ['service.name', 'service.version', 'host.name', 'cloud.region', 'os.type'].map((key): Fields[number] => [
      0x0a,
      pair(key),
    ]),
  );
  const bytes = Buffer.concat(
    Array.from({ length: resources }, (_, r) => {
      const inner = Array.from({ length: scopes }, (_, s) => {
        const records = Array.from({ length: per }, (_, i): Fields[number] => [
          0x12,
          record(signal, descending, (r * scopes + s) * per + i),
        ]);
        return message(descending, [
          [
            0x0a,
            message(descending, [
              [0x0a, '@acme/http'],
              [0x12, '0.57.0'],
            ]),
          ],
          ...records,
        ]);
      });
      return lengthDelimited(
        0x0a,
        message(descending, [[0x0a, resource], ...inner.map((each): Fields[number] => [0x12, each])]),
      );
    }),
  );
  return { signal, bytes, count, meta: { receivedAt: 0 } };
}

const five: readonly Step[] = [
  { do: 'drop', when: { compare: { field: 'severity_number' }, is: '<', value: 9 } },
  { do: 'drop', when: { equals: { attribute: 'http.route', of: 'record' }, value: '/health' } },
  { do: 'upsert', on: 'record', key: 'env', from: { value: 'production' } },
  { do: 'update', on: 'record', key: 'server.address', from: { value: 'redacted' } },
  { do: 'delete', on: 'record', key: 'user_agent' },
];
const resourceOnly: readonly Step[] = [
  { do: 'upsert', on: 'resource', key: 'deployment.environment.name', from: { value: 'production' } },
];
const filter: readonly Step[] = [
  { do: 'drop', when: { matches: { attribute: 'http.route', of: 'record' }, pattern: /^\/health/ } },
];

const plans: readonly (readonly [string, readonly Step[]])[] = [
  ['five steps', five],
  ['upsert on the resource', resourceOnly],
  ['drop by pattern', filter],
];

for (const [name, steps] of plans) {
  for (const signal of ['logs', 'traces'] as const) {
    for (const count of [1000, 100]) {
      for (const descending of [false, true]) {
        const batch = request(signal, descending, count);
        const plan = compilePlan(signal, steps);
        const run = (times: number): number => {
          const before = process.cpuUsage();
          for (let i = 0; i < times; i++) plan.run(batch);
          const { user, system } = process.cpuUsage(before);
          return (user + system) / times / count;
        };
        const times = 100_000 / count;
        run(2 * times);
        const best = Math.min(...Array.from({ length: 7 }, () => run(times)));
        const order = descending ? 'descending' : 'ascending ';
        const size = Math.round(batch.bytes.length / count);
        console.log(
          `${name.padEnd(24)} ${signal.padEnd(6)} ${String(count).padStart(4)} a batch, ${size} B, ${order}: ${best.toFixed(3)} us a record`,
        );
      }
    }
  }
}
