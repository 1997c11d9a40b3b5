import type { Message } from '../../../oracle/otlp.ts';
import { Random } from './random.ts';
import { attribute } from './values.ts';

const services = ['checkout', 'cart', 'catalogue', 'payment', 'shipping', 'frontend', 'search', 'accounts'];

/** Twenty resources of seven attributes. */
export const resources: readonly Message[] = Array.from({ length: 20 }, (_unused, index) => {
  const random = new Random(1000 + index);
  const service = services[index % services.length] as string;
  const hex = Buffer.from(random.bytes(8)).toString('hex');
  return {
    attributes: [
      attribute('service.name', service),
      attribute('service.namespace', 'shop'),
      attribute('service.version', `2.${index}.1`),
      attribute('service.instance.id', `${service}-${hex}`),
      attribute('deployment.environment.name', 'staging'),
      attribute('k8s.pod.name', `${service}-6b${hex.slice(0, 6)}-${hex.slice(6, 11)}`),
      attribute('host.name', `node-${index % 5}.eu-west-1.compute.internal`),
    ],
  };
});

/**
 * How many resources a request of `count` records has, and how many records each: 25 or more, and at most twenty resources.
 * So a small request is that of one SDK, a large one what a gateway passes on.
 */
export function shares(count: number): readonly number[] {
  const groups = Math.min(resources.length, Math.max(1, Math.floor(count / 25)));
  return Array.from(
    { length: groups },
    (_unused, index) => Math.floor((count * (index + 1)) / groups) - Math.floor((count * index) / groups),
  );
}
