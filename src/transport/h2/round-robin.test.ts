import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange, quick, settingsAck, settingsFrame, sleep } from './testing.ts';
import { cleanUp, cleanups, client, request, start } from './testing-client.ts';

afterEach(cleanUp);

/** A server that counts its requests. */
async function counting(limits: Parameters<typeof start>[0] = {}) {
  const counter = { requests: 0 };
  const open = () => {
    counter.requests++;
    return exchange();
  };
  return Object.assign(counter, await start({ open, ...limits }));
}

/** A server that takes connections, says `hello` and then nothing any more. */
async function silent(hello: Uint8Array = Buffer.alloc(0)) {
  const heard: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('data', (chunk) => heard.push(chunk));
    socket.write(hello);
    cleanups.push(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return { address: `127.0.0.1:${(server.address() as { port: number }).port}`, heard };
}

async function refused(): Promise<string> {
  const { server, address } = await start();
  await server.close(0);
  return address;
}

/** Sends one after the other, and says how long the longest took. */
async function send(to: ReturnType<typeof client>, times: number): Promise<number> {
  let longest = 0;
  for (let i = 0; i < times; i++) {
    const since = performance.now();
    await to.request(request);
    longest = Math.max(longest, performance.now() - since);
  }
  return longest;
}

describe('balancer_name: round_robin', () => {
  it('has all addresses take their turn', async () => {
    const servers = [await counting(), await counting(), await counting()];
    const all = client(servers.map(({ address }) => address));
    await all.request(request);
    await sleep(100);
    await send(all, 30);
    const counts = servers.map(({ requests }) => requests).toSorted((a, b) => a - b);
    expect(counts).toEqual([10, 10, 11]);
  });

  it.each([
    ['refuses', refused],
    ['says nothing', async () => (await silent()).address],
    ['is never there', async () => 'nowhere:0'],
  ])('is not disturbed by an address that %s', async (_, dead) => {
    const servers = [await counting(), await counting()];
    const addresses = [await dead(), ...servers.map(({ address }) => address)];
    const some = client(addresses, {
      // What is never there neither takes a connection nor refuses it, as behind a firewall.
      connect: (address) => connect(address === 'nowhere:0' ? { port: 9, host: '192.0.2.1' } : portOf(address)),
    });
    await some.request(request);
    await sleep(100);
    expect(await send(some, 40)).toBeLessThan(200);
    for (const { requests } of servers) expect(requests).toBeGreaterThanOrEqual(20);
  });

  it('comes back to an address that was dead, without waiting for the next look at the name', async () => {
    const [one, other] = [await counting(), await counting()];
    const ports = [one.address, await refused()];
    const both = client(['a', 'b'], {
      connect: (address) => connect(portOf(ports[address === 'a' ? 0 : 1] as string)),
    });
    await send(both, 10);
    expect(one.requests).toBe(10);
    ports[1] = other.address;
    await expect.poll(() => send(both, 2).then(() => other.requests), { timeout: 5000 }).toBeGreaterThan(0);
  });

  it('comes back to a server that went away while another address says nothing', async () => {
    const one = await counting({ limits: { maxAge: 200 } });
    const both = client([(await silent()).address, one.address]);
    await both.request(request);
    await sleep(1000);
    expect(await send(both, 5)).toBeLessThan(500);
  });

  it('sees addresses that appear, and lets go of those that went', async () => {
    const servers = [await counting(), await counting(), await counting()] as const;
    const [a, b, c] = servers.map(({ address }) => address) as [string, string, string];
    let addresses = [a, b];
    const moving = client('', { resolve: () => Promise.resolve(addresses), refreshInterval: 100 });
    await moving.request(request);
    await sleep(100);
    await send(moving, 20);
    addresses = [b, c, c];
    await sleep(300);
    const before = servers.map(({ requests }) => requests);
    await send(moving, 20);
    expect(servers.map(({ requests }, i) => requests - (before[i] as number))).toEqual([0, 10, 10]);
    addresses = [a];
    await sleep(300);
    await send(moving, 5);
    expect(servers.map(({ requests }, i) => requests - (before[i] as number))).toEqual([5, 10, 10]);
  });

  it('goes on with the addresses it has while the name cannot be looked up', async () => {
    const one = await counting();
    let looked = 0;
    const resolve = () =>
      looked++ === 0 ? Promise.resolve([one.address]) : Promise.reject(new Error('no name server'));
    const lucky = client('', { resolve, refreshInterval: 50 });
    await lucky.request(request);
    await sleep(200);
    await send(lucky, 5);
    expect(one.requests).toBe(6);
    expect(looked).toBeGreaterThan(1);
  });

  it('sends nothing more to a server that fell silent, once a request was given up there', async () => {
    const one = await counting();
    const stuck = await silent(settingsFrame);
    const both = client([stuck.address, one.address]);
    await both.request(request, AbortSignal.timeout(100)).catch(() => {});
    await sleep(100);
    const first = await Promise.allSettled([1, 2].map(() => both.request(request, AbortSignal.timeout(100))));
    expect(first.filter(({ status }) => status === 'rejected').length).toBeLessThanOrEqual(1);
    const bytes = Buffer.concat(stuck.heard).length;
    expect(await send(both, 20)).toBeLessThan(100);
    expect(Buffer.concat(stuck.heard)).toHaveLength(bytes);
  });

  it('gives up a connection whose server fell silent and does not answer when it is asked', async () => {
    const stuck = await silent(Buffer.concat([settingsFrame, settingsAck]));
    const one = await counting();
    let connections = 0;
    const lucky = client('a', {
      limits: { ...quick, keepaliveTime: 0, keepaliveTimeout: 200 },
      connect: () => connect(portOf(connections++ === 0 ? stuck.address : one.address)),
    });
    await expect(lucky.request(request, AbortSignal.timeout(100))).rejects.toThrow('timeout');
    expect((await lucky.request(request)).body.toString()).toBe('ok');
    expect(connections).toBe(2);
  });
});

describe('balancer_name: pick_first', () => {
  it('takes the next address when the first does not answer', async () => {
    const { address } = await start();
    const answer = await client(['127.0.0.1:1', address], { spread: 'first' }).request(request);
    expect(answer.body.toString()).toBe('ok');
  });
});

function portOf(address: string): { readonly host: string; readonly port: number } {
  return { host: '127.0.0.1', port: Number(address.split(':')[1]) };
}
