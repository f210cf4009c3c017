/** A value is given away once: numbers of orders, names, seats. By what clients were answered, by what is stored, or both. */
import type { Operation } from '../history/operation.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import {
  coveredFields,
  type Document,
  documentName,
  finalDocuments,
  keyOfOperation,
  namesOf,
  type OfOperation,
  type OperationFilter,
  selectorOf,
} from './select.ts';

export interface UniqueOptions extends Partial<Identity> {
  /** No two operations that ended `ok` have the same `value`. One without a value is passed over. */
  readonly operations?: OperationFilter & { readonly value: OfOperation };
  /** No two final documents of a collection share all values of its fields. */
  readonly documents?: Readonly<Record<string, readonly string[]>>;
}

/** Throws a RangeError when it is given neither operations nor documents. */
export function unique(options: UniqueOptions): Rule {
  const { invariant = 'unique', title = 'What must be unique is there once', operations } = options;
  const collections = Object.entries(options.documents ?? {});
  if (operations === undefined && collections.length === 0)
    throw new RangeError('unique: give it operations or documents');
  const covers = {
    documents: options.documents ?? {},
    operations:
      operations === undefined
        ? {}
        : Object.fromEntries(namesOf(operations).map((f) => [f, coveredFields(operations.value)])),
  };
  const scope = collections.length === 0 ? 'always' : 'at-rest';
  return ruleOf({ invariant, title }, scope, covers, (history, evidence) => {
    const given =
      operations === undefined
        ? []
        : history.filter(({ type }) => type === 'ok').filter(selectorOf(operations));
    const byValue = Map.groupBy(given, (operation) =>
      operations === undefined ? null : keyOfOperation(operation, operations.value),
    );
    byValue.delete(null);
    const answered = [...byValue].flatMap(([value, own]) =>
      own.length > 1 ? [answeredTwice(value ?? '', own)] : [],
    );
    const documents = collections.map(
      ([name, fields]) => [name, fields, finalDocuments(evidence, name)] as const,
    );
    const stored = documents.flatMap(([name, fields, found]) => storedTwice(name, fields, found));
    const count = documents.reduce((sum, [, , found]) => sum + found.length, 0);
    return {
      findings: [...answered, ...stored],
      checked: `${byValue.size} answered values and ${count} documents are different`,
      missing: byValue.size + count === 0 ? 'there was nothing that had to be unique' : null,
    };
  });
}

function answeredTwice(value: string, operations: readonly Operation[]): Finding {
  const [first] = operations;
  return {
    definite: true,
    witness: () => ({
      summary: `${first?.f ?? 'an operation'} was answered with ${value} ${operations.length} times`,
      operations: operations.slice(0, 2),
      facts: { value, count: operations.length },
    }),
  };
}

function storedTwice(
  collection: string,
  fields: readonly string[],
  documents: readonly Document[],
): Finding[] {
  const having = documents.filter((document) => fields.some((field) => field in document));
  const byFields = Map.groupBy(having, (document) =>
    JSON.stringify(fields.map((field) => document[field] ?? null)),
  );
  return [...byFields].flatMap(([values, own]): Finding[] =>
    own.length < 2
      ? []
      : [
          {
            definite: false,
            witness: () => ({
              summary: `${collection} has ${own.length} documents with the same ${fields.join(', ')} ${values}, such as ${own.slice(0, 2).map(documentName).join(' and ')}`,
              operations: [],
              facts: { collection, fields, values, documents: own.map(documentName) },
            }),
          },
        ],
  );
}
