import { ServerInterceptingCall, type Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import {
  rpcCodes,
  type Authenticated,
  type GrpcStatus,
  type RequestFacts,
  type ServerAuthenticator,
} from '../../../plugin/index.ts';
import { authenticate, subjectOf, type Admission } from '../../authenticate.ts';
import type { Surroundings } from '../../surroundings.ts';
import { metadataMap, sendableStatus } from './metadata.ts';

/** Who sent a call, by its metadata object: the only thing that interceptors and handlers share. */
export type Senders = WeakMap<Metadata, Authenticated>;

/** Asks the authenticator when the metadata is there, before any of the message is read. */
export function admission(auth: ServerAuthenticator, senders: Senders, { logger }: Surroundings): ServerInterceptor {
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, pass) {
            const subject = subjectOf(call.getAuthContext().sslPeerCertificate);
            const facts: RequestFacts = {
              headers: metadataMap(metadata),
              peer: call.getPeer(),
              ...(subject !== undefined && { certificateSubject: subject }),
            };
            void authenticate(auth, facts, logger).then((admitted) => {
              if ('who' in admitted) {
                senders.set(metadata, admitted.who);
                pass(metadata);
              } else {
                call.sendStatus(sendableStatus(refusal(admitted)));
              }
            });
          },
        });
      },
    });
}

function refusal({ refused, message }: Exclude<Admission, { readonly who: Authenticated }>): GrpcStatus {
  if (refused === 'unauthenticated') return { code: rpcCodes.UNAUTHENTICATED, message };
  if (refused === 'forbidden') return { code: rpcCodes.PERMISSION_DENIED, message };
  return { code: rpcCodes.UNAVAILABLE, message, retryAfterMs: 1000 };
}
