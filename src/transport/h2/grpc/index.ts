import type { GrpcImplementation } from '../../grpc/implementation.ts';
import { createClient } from './client.ts';
import { serve } from './server.ts';

/** gRPC over our own HTTP/2. */
export const lean: GrpcImplementation = { serve, client: createClient };
