/** $redact: an expression decides for a document, and for each one in it, whether it stays, goes, or is looked into. */
import { locationError } from '../errors.ts';
import { fieldOf, isDocument, setField } from '../query/bson-value.ts';
import { orderedNames } from '../bson/field-order.ts';
import type { Document } from '../storage/contract.ts';
import { compileExpression } from './expression.ts';
import type { Expression } from './expression.ts';
import type { StageCompiler } from './stage.ts';

const decisions = { DESCEND: 'descend', PRUNE: 'prune', KEEP: 'keep' };

export const compileRedact: StageCompiler = (operand, { environment }) => {
  const variables: Record<string, unknown> = { ...environment.variables, ...decisions, ROOT: undefined };
  const decide = compileExpression(operand, { ...environment, variables });
  return function* (documents) {
    for (const document of documents) {
      Object.assign(variables, environment.variables, decisions, { ROOT: document });
      const result = redactDocument(document, decide);
      if (result !== undefined) yield result;
    }
  };
};

function redactDocument(document: Document, decide: Expression): Document | undefined {
  const decision = decide(document);
  switch (decision) {
    case decisions.KEEP:
      return document;
    case decisions.PRUNE:
      return undefined;
    case decisions.DESCEND: {
      const result: Document = {};
      for (const name of orderedNames(document)) {
        const value = redactValue(fieldOf(document, name), decide);
        if (value !== undefined) setField(result, name, value);
      }
      return result;
    }
    default:
      throw locationError(
        17053,
        `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE`,
      );
  }
}

function redactValue(value: unknown, decide: Expression): unknown {
  if (isDocument(value)) return redactDocument(value, decide);
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => redactValue(item, decide)).filter((item) => item !== undefined);
}
