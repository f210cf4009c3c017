/**
 * Errors of the embedded MongoDB. Codes and names are those of MongoDB 7, because drivers decide by them
 * whether to retry, to discard a session or to look for a new primary.
 */
export const errorCodes = {
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  ProtocolError: 17,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  IndexAlreadyExists: 68,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  WriteConcernFailed: 64,
  UnknownReplWriteConcern: 79,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  OperationFailed: 96,
  DocumentValidationFailure: 121,
  WriteConflict: 112,
  CommandNotSupported: 115,
  ConflictingOperationInProgress: 117,
  CommandNotSupportedOnView: 166,
  InvalidPipelineOperator: 168,
  CannotImplicitlyCreateCollection: 227,
  TransactionTooOld: 225,
  SnapshotTooOld: 239,
  NoSuchTransaction: 251,
  TransactionCommitted: 256,
  TransactionTooLarge: 257,
  OperationNotSupportedInTransaction: 263,
  InterruptedAtShutdown: 11600,
  Interrupted: 11601,
  InterruptedDueToReplStateChange: 11602,
  NotWritablePrimary: 10107,
  PrimarySteppedDown: 189,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  ShutdownInProgress: 91,
  TransactionExceededLifetimeLimitSeconds: 290,
  InternalError: 1,
} as const;

export type ErrorName = keyof typeof errorCodes;

/** A command's failure as MongoDB reports it: `code`, `codeName`, `errmsg`, optional labels and further reply fields. */
export class MongoError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly labels: string[];
  readonly fields: Record<string, unknown>;

  constructor(name: ErrorName, message: string, fields: Record<string, unknown> = {}, labels: string[] = []) {
    super(message);
    this.name = 'MongoError';
    this.code = errorCodes[name];
    this.codeName = name;
    this.fields = fields;
    this.labels = labels;
  }
}

/** Error whose number has no name in the table above; MongoDB calls it `Location<code>`. */
export function locationError(code: number, message: string): MongoError {
  const error = new MongoError('InternalError', message);
  return Object.assign(error, { code, codeName: `Location${code}` });
}
