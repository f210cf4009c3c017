/** What a script starts and waits for, or lets go on beside it. */
import type { Failure, OperationName, Operations, Started, StartedEvents } from '../api/host.ts';
import type { RunState } from '../engine/run-state.ts';
import type { VirtualUser } from '../engine/virtual-user.ts';
import { messageOf } from '../errors.ts';
import { startBatch, startRequest } from './request-operations.ts';
import { startGrpcCall, startGrpcConnect, startGrpcStream } from './grpc/grpc-operations.ts';
import { startSocket } from './socket-operation.ts';

/** The events of an operation come later, never while it is started. */
export type Starter<Name extends OperationName> = (
  run: RunState,
  vu: VirtualUser,
  args: Operations[Name]['args'],
  events: StartedEvents<Name>,
) => Started<Name>;

const starters: { readonly [Name in OperationName]: Starter<Name> } = {
  batch: startBatch,
  grpcCall: startGrpcCall,
  grpcConnect: startGrpcConnect,
  grpcStream: startGrpcStream,
  request: startRequest,
  socket: startSocket,
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

export function failureOf(error: unknown): Failure {
  return { code: 0, message: messageOf(error) };
}
