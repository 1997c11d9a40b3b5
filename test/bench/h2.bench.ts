/**
 * CPU per unary gRPC call, of the receiving and of the sending process, for our HTTP/2, node:http2 and grpc-js.
 *
 *     node --conditions=@sluice/source test/bench/h2.bench.ts [seconds] [lean node grpc_js …]
 *
 * Every figure is from a process of its own, pinned to one core where taskset is there; the process at the other end is
 * ours, on the other core. Eight calls are in flight on one connection.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const seconds = Number(process.argv[2] ?? 4);
const wanted = process.argv.slice(3);
const names = wanted.length > 0 ? wanted : ['lean', 'node', 'grpc_js'];
const pinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
const peer = fileURLToPath(new URL('h2.peer.ts', import.meta.url));

function start(core: number, args: readonly string[]): ChildProcess {
  const node = [process.execPath, '--conditions=@sluice/source', peer, ...args];
  const command = pinned ? ['taskset', '-c', String(core), ...node] : node;
  return spawn(command[0] as string, command.slice(1), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function message(child: ChildProcess): Promise<Record<string, number | string>> {
  const [value] = (await once(child, 'message')) as [Record<string, number | string>];
  return value;
}

/** Microseconds of CPU a call: of the server, and of the client. */
async function measure(
  server: string,
  client: string,
  bytes: number,
): Promise<[server: number, client: number, rate: number]> {
  const receiving = start(1, ['serve', server]);
  const { address } = await message(receiving);
  const sending = start(0, ['send', client, String(address), String(bytes), String(seconds)]);
  await message(sending);
  receiving.send('mark');
  const sent = await message(sending);
  const received = message(receiving);
  receiving.send('report');
  const { cpu } = await received;
  receiving.kill();
  sending.kill();
  const calls = Number(sent['calls']);
  return [Number(cpu) / calls, Number(sent['cpu']) / calls, calls / seconds];
}

for (const bytes of [3 * 1024, 300 * 1024]) {
  console.log(`\n${bytes / 1024} KB a call${pinned ? '' : ' (not pinned)'}: CPU in us a call`);
  for (const name of names) {
    const [receive, , receiveRate] = await measure(name, 'lean', bytes);
    const [, send, sendRate] = await measure('lean', name, bytes);
    const figures = `receive ${receive.toFixed(1).padStart(7)}   send ${send.toFixed(1).padStart(7)}`;
    console.log(`  ${name.padEnd(8)} ${figures}   (${Math.round(receiveRate)} and ${Math.round(sendRate)} calls/s)`);
  }
}
