import { expect, test } from 'vitest';
import { backupName, backupTime, outdated } from './backups.ts';

const at = new Date('2026-01-31T23:59:58.007Z');

test('a backup has its time before the extension', () => {
  expect(backupName('/data/app.log.json', at, false)).toBe('app.log-2026-01-31T23-59-58.007.json');
  expect(backupName('/data/plain', at, false)).toBe('plain-2026-01-31T23-59-58.007');
});

test('the time of a backup is read back from its name, in UTC and in local time', () => {
  for (const localtime of [false, true]) {
    expect(backupTime('/data/app.json', backupName('/data/app.json', at, localtime), localtime)).toBe(at.getTime());
  }
});

test('other files are no backups', () => {
  for (const name of [
    'app.json',
    'app-.json',
    'app-2026-01-31.json',
    'other-2026-01-31T23-59-58.007.json',
    'app-2026-01-31T23-59-58.007.txt',
    'app-2026-13-31T23-59-58.007.json',
  ]) {
    expect(backupTime('/data/app.json', name, false)).toBeUndefined();
  }
});

const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map((day) => `app-${day}T00-00-00.000.json`);
const now = Date.parse('2026-01-04T12:00:00Z');

test('the newest backups are kept, by number', () => {
  const keep = { max_backups: 2, max_days: 0, localtime: false };
  expect(outdated('/data/app.json', ['app.json', 'notes.txt', ...days], now, keep)).toEqual([days[1], days[0]]);
});

test('backups beyond an age go, whatever their number', () => {
  expect(outdated('/data/app.json', days, now, { max_backups: 0, max_days: 2, localtime: false })).toEqual([
    days[1],
    days[0],
  ]);
  expect(outdated('/data/app.json', days, now, { max_backups: 0, max_days: 0, localtime: false })).toEqual([]);
});
