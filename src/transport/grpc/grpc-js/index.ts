import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import type { GrpcImplementation } from '../implementation.ts';
import { createClient } from './client.ts';
import { serve } from './server.ts';

// What it would print goes into errors and statuses as well; standard error belongs to our own log.
setLogVerbosity(logVerbosity.NONE);

/** gRPC by @grpc/grpc-js. */
export const grpcJs: GrpcImplementation = { serve, client: createClient };
