import { describe, expect, it } from 'vitest';
import { Secret } from '../../plugin/index.ts';
import { createLogger } from './logger.ts';

function lines(encoding: 'console' | 'json', level = 'info') {
  const written: string[] = [];
  return { log: createLogger({ level, encoding, write: (line) => void written.push(line) }), written };
}

describe('the log', () => {
  it('is one JSON line an event', () => {
    const { log, written } = lines('json');
    log.for('exporter', 'otlp_http').warn({ count: 3 }, 'not delivered');
    expect(JSON.parse(written[0] as string)).toMatchObject({
      level: 'warn',
      component: 'exporter/otlp_http',
      count: 3,
      msg: 'not delivered',
    });
    expect(written[0]).toMatch(/^[^\n]*\n$/);
  });

  it.each(['console', 'json'] as const)('stays one line when %s shows what somebody else wrote', (encoding) => {
    const { log, written } = lines(encoding);
    log.info({ body: 'a\nb\u001b[31mred\r' }, 'text\nwith \u001b[2J controls');
    expect(written).toHaveLength(1);
    // eslint-disable-next-line no-control-regex
    expect(written[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f]/);
  });

  it('never shows a secret', () => {
    const { log, written } = lines('json');
    log.info({ token: new Secret('s3cr3t'), nested: { key: new Secret('s3cr3t') } }, 'connecting');
    expect(written[0]).not.toContain('s3cr3t');
    expect(written[0]).toContain('[redacted]');
  });

  it('keeps quiet below its level', () => {
    const { log, written } = lines('json', 'WARN');
    log.info({}, 'no');
    log.error({}, 'yes');
    expect(written).toHaveLength(1);
  });
});
