import { createRegistry } from '../../src/config/index.ts';
import { connectors } from './definitions/connectors.ts';
import { exporters } from './definitions/exporters.ts';
import { extensions } from './definitions/extensions.ts';
import { processors } from './definitions/processors.ts';
import { receivers } from './definitions/receivers.ts';

/** A few components in the manner of the real ones. They only have options; they do nothing. */
export const registry = createRegistry([...receivers, ...processors, ...exporters, ...connectors, ...extensions]);
