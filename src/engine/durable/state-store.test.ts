import { beforeEach, describe, expect, it } from 'vitest';
import { FakeFileSystem } from './testing/fake-fs.ts';
import { openStateStore } from './state-store.ts';

let fs: FakeFileSystem;
let troubles: string[];

beforeEach(() => {
  fs = new FakeFileSystem(() => 0);
  troubles = [];
});

function open(owner = 'receiver/file_log/app') {
  return openStateStore({ directory: '/s', fs, trouble: (error) => troubles.push(error.message) }).open(owner);
}

const text = (value: string): Buffer => Buffer.from(value);
const path = '/s/state/receiver%2Ffile_log%2Fapp/offsets.value';

describe('a state store', () => {
  it('keeps what was set when the power is lost right after', async () => {
    const storage = await open();
    expect(await storage.get('offsets')).toBeUndefined();
    await storage.set('offsets', text('one'));
    await storage.set('offsets', text('two'));
    fs.crash();
    expect(await (await open()).get('offsets')).toEqual(text('two'));
  });

  it('has the old value or the new one, wherever the machine stops', async () => {
    for (let operations = 0; operations < 12; operations++) {
      let draws = operations;
      fs = new FakeFileSystem((below) => draws++ % below);
      await (await open()).set('offsets', text('old'));
      const storage = await open();
      await storage.get('offsets');
      fs.faults.operationsLeft = operations;
      const done = await storage.set('offsets', text('new')).then(
        () => true,
        () => false,
      );
      fs.crash();
      const found = (await (await open()).get('offsets'))?.toString();
      expect(done ? ['new'] : ['old', 'new']).toContain(found);
    }
  });

  it('falls back to the value before when the newest is damaged, and says so', async () => {
    const storage = await open();
    await storage.set('offsets', text('one'));
    await storage.set('offsets', text('two'));
    fs.file(`${path}.b`).flip(21, 1);
    expect(await (await open()).get('offsets')).toEqual(text('one'));
    expect(troubles).toEqual([`${path}: a copy is damaged; using the other`]);
  });

  it('has no value when both copies are damaged, and says so', async () => {
    const storage = await open();
    await storage.set('offsets', text('one'));
    fs.file(`${path}.a`).resize(3);
    expect(await (await open()).get('offsets')).toBeUndefined();
    expect(troubles).toEqual([`${path}: a copy is damaged; using none`]);
  });

  it('does not bring back a deleted value', async () => {
    const storage = await open();
    await storage.set('offsets', text('one'));
    await storage.set('offsets', text('two'));
    await storage.delete('offsets');
    fs.crash();
    expect(await (await open()).get('offsets')).toBeUndefined();
  });

  it('keeps owners and keys apart, whatever characters they have', async () => {
    const long = 'x'.repeat(300);
    const keys = ['a/b', 'a%2Fb', '..', '.', '', 'ä', 'A', 'a', long, `${long}y`];
    const [one, other] = [await open('receiver/a'), await open('receiver/b')];
    for (const key of keys) await one.set(key, text(`of ${key}`));
    for (const key of keys) expect(await one.get(key)).toEqual(text(`of ${key}`));
    expect(await other.get('a')).toBeUndefined();
  });

  it('writes only the last of several values that wait, and resolves all', async () => {
    const storage = await open();
    await Promise.all(Array.from({ length: 20 }, (_, n) => storage.set('offsets', text(String(n)))));
    expect(fs.counts.syncs).toBeLessThan(4);
    expect(await storage.get('offsets')).toEqual(text('19'));
  });

  it('refuses a value over one MiB by name', async () => {
    const storage = await open();
    await expect(storage.set('big', Buffer.alloc(1024 * 1024 + 1))).rejects.toThrow(/'big'.*1048577 bytes.*1048576/);
  });

  it('tells a full disk from other failures, and works again when there is room', async () => {
    const storage = await open();
    fs.faults.capacity = 0;
    await expect(storage.set('offsets', text('one'))).rejects.toMatchObject({ fault: 'disk_full' });
    fs.faults.capacity = Infinity;
    await storage.set('offsets', text('two'));
    expect(await storage.get('offsets')).toEqual(text('two'));
  });
});
