/** Collections with a validator refuse documents that do not match it. */
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { compileFilter } from '../query/matcher.ts';
import { failureDetails } from '../schema/filter-details.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import { checkMeasurement } from './time-series.ts';
import type { Operation } from './operation.ts';
import { defaultCollation } from './query-arguments.ts';

/** `before` is the document that an update changes. @throws MongoError DocumentValidationFailure. */
export type Validate = (document: Document, before?: Document) => void;

/** undefined when the collection takes any document, or the command asks not to be checked. */
export function validatorOf(
  operation: Operation,
  storage: StorageTransaction,
  namespace: string,
): Validate | undefined {
  const options = storage.options(namespace);
  if (options === undefined) return undefined;
  const { timeseries, validator, validationLevel, validationAction } = options;
  if (isDocument(timeseries)) return (document) => checkMeasurement(document, timeseries);
  if (!isDocument(validator) || Object.keys(validator).length === 0) return undefined;
  if (operation.arguments.boolean('bypassDocumentValidation')) return undefined;
  if (validationLevel === 'off' || validationAction === 'warn') return undefined;
  const matches = compileFilter(validator, {
    ...operation.environment,
    collation: defaultCollation(options),
  });
  return (document, before) => {
    if (matches(document)) return;
    if (validationLevel === 'moderate' && before !== undefined && !matches(before)) return;
    throw new MongoError('DocumentValidationFailure', 'Document failed validation', {
      errInfo: { failingDocumentId: document['_id'], details: failureDetails(validator, document) },
    });
  };
}
