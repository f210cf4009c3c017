/** What a pipeline of a command runs over. */
import type { ExpressionEnvironment } from '../aggregation/expression.ts';
import type { StorageTransaction } from '../storage/contract.ts';
import type { Operation } from './operation.ts';

export interface PipelineInput {
  readonly operation: Operation;
  readonly storage: StorageTransaction;
  readonly namespace: string;
  readonly environment: ExpressionEnvironment;
}
