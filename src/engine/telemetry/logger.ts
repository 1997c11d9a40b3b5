import { pino, type DestinationStream } from 'pino';
import type { Logger } from '../../plugin/index.ts';

export interface LogOptions {
  readonly level: string;
  readonly encoding: 'console' | 'json';
  /** Where lines go; standard error where it is left out. */
  readonly write?: (line: string) => void;
}

const levels: Readonly<Record<string, string>> = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' };

/** The service's own log, one line an event. Control characters in values are escaped, whoever sent them. */
export function createLogger({ level, encoding, write = writeError }: LogOptions): RootLogger {
  const destination: DestinationStream = { write: encoding === 'json' ? write : (line) => write(readable(line)) };
  const root = pino(
    {
      level: levels[level.toUpperCase()] ?? 'info',
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return { ...bound(root), for: (kind, id) => bound(root.child({ component: `${kind}/${id}` })) };
}

export interface RootLogger extends Logger {
  /** The log of one component. */
  for(kind: string, id: string): Logger;
}

function bound(log: pino.Logger): Logger {
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}

function writeError(line: string): void {
  process.stderr.write(line);
}

/** A JSON line as people read it: time, level, component, message, then the fields. */
function readable(line: string): string {
  const { time, level, component, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.keys(fields).length > 0 ? `  ${JSON.stringify(fields)}` : '';
  const who = component === undefined ? '' : `  ${plain(component)}`;
  return `${plain(time)}  ${plain(level).padEnd(5)}${who}  ${plain(msg)}${rest}\n`;
}

/** Text for one line of a terminal. */
function plain(value: unknown): string {
  return JSON.stringify(String(value)).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}
