import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Batch } from '../../wire/index.ts';
import { Ledger } from '../delivery/ledger.ts';
import { ByteWindow } from '../delivery/window.ts';
import { Intake } from './intake.ts';

const batch: Batch = { signal: 'logs', bytes: new Uint8Array(80), count: 1, meta: { receivedAt: 0 } };

function setUp() {
  const clock = new ManualClock();
  const window = new ByteWindow(100);
  const ledger = new Ledger({ clock, settleDeadlineMs: 1000, onOverdue: () => undefined });
  const passed: Batch[] = [];
  const intake = new Intake({ clock, window, ledger, answerWithinMs: 1000 });
  const bring = () => intake.bring(batch, [(delivery) => passed.push(delivery.batch)], 'receiver/test');
  return { window, intake, passed, bring };
}

describe('a closed intake', () => {
  it('refuses at once whoever waits for room', async () => {
    const { window, intake, bring, passed } = setUp();
    window.tryEnter(100);
    const waiting = bring();
    intake.close();
    await expect(waiting).rejects.toMatchObject({ name: 'RetryableError', message: 'shutting down' });
    expect([passed.length, window.waiting]).toEqual([0, 0]);
  });

  it('refuses who had its room in that very moment, and gives the room back', async () => {
    const { window, intake, bring, passed } = setUp();
    window.tryEnter(100);
    const waiting = bring();
    window.leave(100);
    intake.close();
    await expect(waiting).rejects.toMatchObject({ message: 'shutting down' });
    expect([passed.length, window.used]).toEqual([0, 0]);
  });
});
