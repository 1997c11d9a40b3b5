import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { Ledger } from './ledger.ts';

function setUp() {
  const clock = new ManualClock();
  const overdue: string[] = [];
  const ledger = new Ledger({ clock, settleDeadlineMs: 60_000, onOverdue: (component) => overdue.push(component) });
  return { clock, ledger, overdue };
}

describe('the ledger', () => {
  it('answers a sender whose time is up, with a hint to come back', async () => {
    const { clock, ledger } = setUp();
    const duty = ledger.enter(clock.now() + 8000, 'receiver/otlp');
    duty.mark?.('exporter/otlp_http');
    await clock.advance(7000);
    expect(duty.settled).toBe(false);
    await clock.advance(1250);
    expect(await duty.outcome).toMatchObject({
      ok: false,
      error: { name: 'RetryableError', message: 'not delivered in time; it was at exporter/otlp_http' },
    });
    expect(ledger.size).toBe(0);
  });

  it('names the processor that took data and never settled it', async () => {
    const { clock, ledger, overdue } = setUp();
    const duty = ledger.enter(undefined, 'receiver/file_log');
    duty.mark?.('processor/broken');
    await clock.advance(60_500);
    expect(overdue).toEqual(['processor/broken']);
    expect(await duty.outcome).toMatchObject({
      ok: false,
      error: { message: 'processor/broken did not pass the data on within 60 s' },
    });
  });

  it('leaves alone what waits for a destination, for as long as it takes', async () => {
    const { clock, ledger } = setUp();
    const duty = ledger.enter(undefined, 'receiver/file_log');
    duty.mark?.('exporter/otlp_http');
    await clock.advance(24 * 3_600_000);
    expect(duty.settled).toBe(false);
  });

  it('is drained when everything is settled', async () => {
    const { clock, ledger } = setUp();
    const duty = ledger.enter(undefined, 'receiver/a');
    const drained = ledger.drained(clock.now() + 1000);
    duty.settle();
    await clock.advance(20);
    expect(await drained).toBe(true);
  });
});
