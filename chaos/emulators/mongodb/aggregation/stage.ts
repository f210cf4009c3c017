/** What a pipeline is made of. */
import type { Document } from '../storage/contract.ts';
import type { ExpressionEnvironment } from './expression.ts';

export type Documents = Iterable<Document>;
export type Stage = (documents: Documents) => Documents;

export interface StageSpecification {
  readonly name: string;
  readonly operand: unknown;
}

export interface PipelineContext {
  readonly environment: ExpressionEnvironment;
  /** Documents of another collection of the same database, for stages that join. */
  readonly readCollection: (collection: string, filter: Document) => Documents;
  readonly random: { next(): number };
}

/** Compiles the pipelines that stages have in them. `within` is the stage's name, for what it does not allow. */
export type PipelineCompiler = (
  stages: readonly unknown[],
  context: PipelineContext,
  within: string,
) => Stage;

export type StageCompiler = (operand: unknown, context: PipelineContext, compile: PipelineCompiler) => Stage;
