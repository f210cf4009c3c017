/** Collections created with a validator refuse documents that do not match it. */
import { MongoError } from '../errors.ts';
import { fieldOf, isDocument, typeNameOf } from '../query/bson-value.ts';
import { compileFilter } from '../query/matcher.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import type { Operation } from './operation.ts';

export type Validate = (document: Document) => void;

/** undefined when the collection has no validator, or the command asks to pass it by. */
export function validatorOf(
  operation: Operation,
  storage: StorageTransaction,
  namespace: string,
): Validate | undefined {
  const options = storage.collection(namespace)?.options;
  const validator = options?.['validator'];
  if (!isDocument(validator) || Object.keys(validator).length === 0) return undefined;
  if (operation.arguments.boolean('bypassDocumentValidation')) return undefined;
  if (options?.['validationLevel'] === 'off' || options?.['validationAction'] === 'warn') return undefined;
  const matches = compileFilter(validator, operation.environment);
  return (document) => {
    if (matches(document)) return;
    throw new MongoError('DocumentValidationFailure', 'Document failed validation', {
      errInfo: { failingDocumentId: document['_id'], details: detailsOf(validator, document) },
    });
  };
}

function detailsOf(validator: Document, document: Document): Document {
  const [path, condition] = Object.entries(validator)[0] ?? ['', undefined];
  const operatorName = isDocument(condition) ? (Object.keys(condition)[0] ?? '$eq') : '$eq';
  const value = fieldOf(document, path);
  return {
    operatorName,
    specifiedAs: { [path]: condition },
    reason:
      value === undefined
        ? 'field was missing'
        : operatorName === '$type'
          ? 'type did not match'
          : 'comparison failed',
    ...(value === undefined ? {} : { consideredValue: value, consideredType: typeNameOf(value) }),
  };
}
