/** `validator`, `validationLevel` and `validationAction` of create and collMod. */
import type { Collation } from '../collation/collation.ts';
import { MongoError, locationError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { compileFilter } from '../query/matcher.ts';
import type { Document } from '../storage/contract.ts';
import type { Arguments } from './arguments.ts';
import { databaseOf, namespaceOf } from './namespace.ts';

const levels = ['off', 'strict', 'moderate'];
const actions = ['error', 'warn'];
/** Operators that need more than one document, with the code that MongoDB refuses each with. */
const refusedInside: Readonly<Record<string, () => MongoError>> = {
  $geoNear: () => nearError(),
  $near: () => nearError(),
  $nearSphere: () => nearError(),
  $text: () => new MongoError('BadValue', '$text is not allowed in this context'),
  $where: () => new MongoError('BadValue', '$where is not allowed in this context'),
};

function nearError(): MongoError {
  return locationError(5_626_500, '$geoNear, $near, and $nearSphere are not allowed in this context');
}

/** Those given, checked. @throws MongoError BadValue, InvalidOptions, 5626500. */
export function checkValidator(given: Arguments, owner: string, collation: Collation | undefined): Document {
  const validator = given.documentField('validator');
  const options: Document = {};
  if (validator !== undefined) {
    refuseInternal(given);
    refuseOperators(validator);
    compileFilter(validator, { collation });
    options['validator'] = validator;
  }
  for (const [name, choices] of [
    ['validationLevel', levels],
    ['validationAction', actions],
  ] as const) {
    const value = given.string(name);
    if (value === undefined) continue;
    if (!choices.includes(value)) {
      throw new MongoError(
        'BadValue',
        `Enumeration value '${value}' for field '${owner}.${name}' is not a valid value.`,
      );
    }
    options[name] = value;
  }
  return options;
}

function refuseInternal({ document }: Arguments): void {
  const database = document['$db'];
  if (typeof database !== 'string') return;
  const namespace = namespaceOf(database, Object.values(document)[0]);
  if (['admin', 'config', 'local'].includes(databaseOf(namespace))) {
    throw new MongoError(
      'InvalidOptions',
      `Document validators are not allowed on collection ${namespace} in the ${database} internal database`,
    );
  }
}

function refuseOperators(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) refuseOperators(item);
    return;
  }
  if (!isDocument(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (Object.hasOwn(refusedInside, name)) throw refusedInside[name]?.();
    if (name !== '$jsonSchema' && name !== '$expr') refuseOperators(inner);
  }
}
