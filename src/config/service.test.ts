import { describe, expect, it } from 'vitest';
import { Report } from './diagnostic.ts';
import { marksOf, tree } from './fixture.ts';
import { readService } from './service.ts';
import type { Telemetry } from './service-schema.ts';

function read(yaml: string): { telemetry: Telemetry | undefined; marks: string[] } {
  const report = new Report();
  const node = tree(`pipelines: {logs: {receivers: [a], exporters: [b]}}\ntelemetry: ${yaml}`);
  const { service } = readService(node.place, node, report);
  return { telemetry: service?.telemetry, marks: marksOf(report) };
}

describe('service.telemetry', () => {
  it('has the Collector’s defaults', () => {
    expect(read('')).toEqual({
      telemetry: {
        logs: { level: 'info', encoding: 'console' },
        metrics: { level: 'normal', prometheus: { host: 'localhost', port: 8888 }, resource: {} },
      },
      marks: [],
    });
  });

  it('takes the address of the metrics page from a pull reader', () => {
    const { telemetry } = read('{metrics: {readers: [{pull: {exporter: {prometheus: {host: 0.0.0.0, port: 9090}}}}]}}');
    expect(telemetry?.metrics.prometheus).toEqual({ host: '0.0.0.0', port: 9090 });
  });

  it.each([
    ['localhost:8889', { host: 'localhost', port: 8889 }],
    [':8889', { host: '0.0.0.0', port: 8889 }],
    ["'[::1]:8889'", { host: '::1', port: 8889 }],
  ])('takes the earlier spelling, address: %s, with a warning', (address, prometheus) => {
    const { telemetry, marks } = read(`{metrics: {address: ${address}}}`);
    expect(telemetry?.metrics.prometheus).toEqual(prometheus);
    expect(marks).toEqual(['deprecated-option test.yaml:2:23']);
  });

  it.each(['{metrics: {level: none}}', '{metrics: {readers: []}}'])('switches the page off with %s', (yaml) => {
    expect(read(yaml).telemetry?.metrics).not.toHaveProperty('prometheus');
  });

  it('takes resource attributes as a map or as a list', () => {
    const map = read('{resource: {service.name: gate, service.instance.id: null}}');
    const list = read('{resource: {attributes: [{name: service.name, value: gate}]}}');
    expect(map.telemetry?.metrics.resource).toEqual({ 'service.name': 'gate' });
    expect(list.telemetry?.metrics.resource).toEqual({ 'service.name': 'gate' });
  });

  it('takes levels in capitals', () => {
    expect(read('{logs: {level: DEBUG, encoding: json}}').telemetry?.logs).toEqual({
      level: 'debug',
      encoding: 'json',
    });
  });
});
