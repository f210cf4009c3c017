/** What a script starts and waits for, or lets go on beside it. */
import type { OperationName, Operations, Started, StartedEvents } from '../api/host.ts';
import type { RunState } from '../engine/run-state.ts';
import type { VirtualUser } from '../engine/virtual-user.ts';
import { lazily } from '../lazily.ts';
import { startBatch, startRequest } from './request-operations.ts';
import type * as GrpcOperations from './grpc/grpc-operations.ts';
import type * as SocketOperation from './socket-operation.ts';

/** Of what few scripts need, loaded by the first that does. */
const sockets = lazily<typeof SocketOperation>('./socket-operation', import.meta.url);
const grpc = lazily<typeof GrpcOperations>('./grpc/grpc-operations', import.meta.url);

/** The events of an operation come later, never while it is started. */
export type Starter<Name extends OperationName> = (
  run: RunState,
  vu: VirtualUser,
  args: Operations[Name]['args'],
  events: StartedEvents<Name>,
) => Started<Name>;

const starters: { readonly [Name in OperationName]: Starter<Name> } = {
  batch: startBatch,
  grpcCall: (...args) => grpc().startGrpcCall(...args),
  grpcConnect: (...args) => grpc().startGrpcConnect(...args),
  grpcStream: (...args) => grpc().startGrpcStream(...args),
  request: startRequest,
  socket: (...args) => sockets().startSocket(...args),
  sleep: (run, _vu, [durationMs], events) => {
    const timer = run.clock.timer(durationMs, () => events.done(undefined));
    return { cancel: () => timer[Symbol.dispose]() };
  },
};

export function startOperation<Name extends OperationName>(
  run: RunState,
  vu: VirtualUser,
  name: Name,
  args: Operations[Name]['args'],
  events: StartedEvents<Name>,
): Started<Name> {
  return starters[name](run, vu, args, events);
}
