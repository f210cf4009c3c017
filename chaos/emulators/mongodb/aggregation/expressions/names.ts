/** Names that expressions may give to variables and to fields of the documents they make. */
import { locationError, MongoError } from '../../errors.ts';

/** @throws MongoError 9 for a name that no variable can have. */
export function checkVariableName(name: string, start: RegExp = /^[a-z\u0080-\uffff]/): void {
  if (name === '') throw locationError(16867, 'empty variable names are not allowed');
  if (name === 'CURRENT') return;
  if (!start.test(name)) {
    throw new MongoError(
      'FailedToParse',
      `'${name}' starts with an invalid character for a user variable name`,
    );
  }
  const wrong = /[^\w\u0080-\uffff]/.exec(name);
  if (wrong !== null) {
    throw new MongoError(
      'FailedToParse',
      `'${name}' contains an invalid character for a variable name: '${wrong[0]}'`,
    );
  }
}

/** @throws MongoError 15998, 16410, 16412. */
export function checkFieldName(name: string): void {
  if (name === '') throw locationError(15998, 'FieldPath field names may not be empty strings.');
  if (name.startsWith('$')) {
    throw locationError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField. given '${name}'`,
    );
  }
  if (name.includes('.')) {
    throw locationError(
      16412,
      `FieldPath field names may not contain '.'. Consider using $getField or $setField. given '${name}'`,
    );
  }
}
