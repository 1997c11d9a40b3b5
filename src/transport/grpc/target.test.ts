import { expect, it } from 'vitest';
import { parseGrpcTarget } from './target.ts';

it.each([
  ['host:4317', false, { secure: true, name: 'dns:///host:4317' }],
  ['host:4317', true, { secure: false, name: 'dns:///host:4317' }],
  ['http://host:4317', false, { secure: false, name: 'dns:///host:4317' }],
  [
    'https://ingress.eu-west-1.aws.dash0.com:4317',
    true,
    { secure: true, name: 'dns:///ingress.eu-west-1.aws.dash0.com:4317' },
  ],
  ['https://host/', false, { secure: true, name: 'dns:///host:443' }],
  ['http://[::1]:4317', false, { secure: false, name: 'dns:///[::1]:4317' }],
  ['dns:///host:4317', true, { secure: false, name: 'dns:///host:4317' }],
  ['dns://8.8.8.8/host:4317', true, { secure: false, name: 'dns:///host:4317' }],
  ['unix:///run/a.sock', true, { secure: false, name: 'unix:/run/a.sock' }],
])('reads %s with insecure %s', (endpoint, insecure, expected) => {
  expect(parseGrpcTarget(endpoint, insecure)).toEqual(expected);
});
