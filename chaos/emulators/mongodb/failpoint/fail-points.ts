/**
 * The fail points that tests switch on: `failCommand`, `failGetMoreAfterCursorCheckout`,
 * `maxTimeAlwaysTimeOut`, `onPrimaryTransactionalWrite`.
 */
import type { Random } from '../../../random.ts';
import { MongoError, locationError } from '../errors.ts';
import { Arguments } from '../commands/arguments.ts';
import { isDocument, numberOf, typeNameOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { FailPointMode } from './mode.ts';

export const failPointNames: readonly string[] = [
  'failCommand',
  'failGetMoreAfterCursorCheckout',
  'maxTimeAlwaysTimeOut',
  'onPrimaryTransactionalWrite',
];

/** Which command is about to run, as far as a fail point may ask. */
export interface CommandSubject {
  readonly names: readonly string[];
  readonly applicationName: string | undefined;
  readonly namespace: string | undefined;
}

/** What an activated failCommand does to one command. */
export interface CommandFailure {
  readonly blockMs: number;
  readonly closeConnection: boolean;
  readonly error: MongoError | undefined;
  readonly writeConcernError: Document | undefined;
  readonly labels: readonly string[] | undefined;
}

interface FailCommand {
  readonly mode: FailPointMode;
  readonly commands: ReadonlySet<string>;
  readonly applicationName: string | undefined;
  readonly namespace: string | undefined;
  readonly failure: CommandFailure;
}

interface TransactionalWriteFailure {
  readonly mode: FailPointMode;
  readonly closeConnection: boolean;
  readonly failBeforeCommit: MongoError | undefined;
}

const dataFields = new Set([
  'appName',
  'blockConnection',
  'blockTimeMS',
  'closeConnection',
  'errorCode',
  'errorExtraInfo',
  'errorLabels',
  'failAllCommands',
  'failCommands',
  'failInternalCommands',
  'failLocalClients',
  'namespace',
  'threadName',
  'writeConcernError',
]);

export class FailPoints {
  readonly #random: Random;
  #failCommand: FailCommand | undefined;
  #transactionalWrite: TransactionalWriteFailure | undefined;
  #getMore: { readonly mode: FailPointMode; readonly error: MongoError } | undefined;
  #timeOut: FailPointMode | undefined;
  #timesEntered = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** How often the fail point was entered since the server started. @throws MongoError for a mode or data it cannot have. */
  configure(name: string, modeValue: unknown, data: unknown): number {
    if (!failPointNames.includes(name)) {
      throw new MongoError('FailPointSetFailed', `${name} is not supported by the embedded MongoDB`);
    }
    const mode = FailPointMode.parse(modeValue, this.#random);
    if (data !== undefined && !isDocument(data)) {
      throw new MongoError(
        'TypeMismatch',
        `"data" had the wrong type. Expected object, found ${typeNameOf(data)}`,
      );
    }
    if (name === 'failCommand') {
      this.#failCommand = mode.isOff ? undefined : parseFailCommand(mode, data ?? {});
    } else if (name === 'maxTimeAlwaysTimeOut') {
      this.#timeOut = mode.isOff ? undefined : mode;
    } else if (name === 'failGetMoreAfterCursorCheckout') {
      this.#getMore = mode.isOff ? undefined : { mode, error: getMoreError(data ?? {}) };
    } else {
      this.#transactionalWrite = mode.isOff ? undefined : parseTransactionalWrite(mode, data ?? {});
    }
    return this.#timesEntered.get(name) ?? 0;
  }

  get isActive(): boolean {
    return this.#failCommand !== undefined;
  }

  /** What happens to the command, if the fail point is meant for it and its mode says so. */
  enterCommand(subject: CommandSubject): CommandFailure | undefined {
    const point = this.#failCommand;
    if (point === undefined) return undefined;
    if (!subject.names.some((name) => point.commands.has(name))) return undefined;
    if (point.applicationName !== undefined && point.applicationName !== subject.applicationName)
      return undefined;
    if (point.namespace !== undefined && point.namespace !== subject.namespace) return undefined;
    if (!point.mode.enter()) return undefined;
    this.#countEntry('failCommand');
    return point.failure;
  }

  /** A command with a time limit begins: whether its time is up at once. */
  timesOut(): boolean {
    if (this.#timeOut === undefined || !this.#timeOut.enter()) return false;
    this.#countEntry('maxTimeAlwaysTimeOut');
    return true;
  }

  /** When a getMore has found its cursor. @throws the error asked for. */
  enterGetMore(): void {
    const point = this.#getMore;
    if (point === undefined || !point.mode.enter()) return;
    this.#countEntry('failGetMoreAfterCursorCheckout');
    throw point.error;
  }

  /** After a retryable write took effect. */
  enterTransactionalWrite(): TransactionalWriteFailure | undefined {
    const point = this.#transactionalWrite;
    if (point === undefined || !point.mode.enter()) return undefined;
    this.#countEntry('onPrimaryTransactionalWrite');
    return point;
  }

  #countEntry(name: string): void {
    this.#timesEntered.set(name, (this.#timesEntered.get(name) ?? 0) + 1);
  }
}

function parseFailCommand(mode: FailPointMode, data: Document): FailCommand {
  const given = new Arguments(data, 'failCommand');
  given.refuseUnknown(dataFields);
  const commands = given.array('failCommands') ?? [];
  for (const command of commands) {
    if (typeof command !== 'string')
      throw new MongoError('BadValue', 'failCommands must be an array of strings');
  }
  const labels = given.array('errorLabels')?.map(String);
  const blockMs = given.boolean('blockConnection') ? blockTimeOf(data['blockTimeMS']) : 0;
  const code = given.number('errorCode');
  return {
    mode,
    commands: new Set(commands.map(String)),
    applicationName: given.string('appName'),
    namespace: given.string('namespace'),
    failure: {
      blockMs,
      closeConnection: given.boolean('closeConnection'),
      error: code === undefined ? undefined : failCommandError(code, given.documentField('errorExtraInfo')),
      writeConcernError: given.documentField('writeConcernError'),
      labels,
    },
  };
}

function getMoreError(data: Document): MongoError {
  const code = new Arguments(data, 'failGetMoreAfterCursorCheckout').number('errorCode') ?? 1;
  return locationError(code, "Hit the 'failGetMoreAfterCursorCheckout' fail point");
}

function failCommandError(code: number, extraInfo: Document | undefined): MongoError {
  const error = locationError(code, "Failing command via 'failCommand' failpoint");
  return Object.assign(error, { fields: extraInfo ?? {} });
}

function blockTimeOf(value: unknown): number {
  const milliseconds = numberOf(value);
  if (milliseconds === undefined || milliseconds < 0) {
    throw new MongoError('InvalidOptions', "must specify 'blockTimeMS' when 'blockConnection' is true");
  }
  return milliseconds;
}

function parseTransactionalWrite(mode: FailPointMode, data: Document): TransactionalWriteFailure {
  const given = new Arguments(data, 'onPrimaryTransactionalWrite');
  const code = given.number('failBeforeCommitExceptionCode');
  return {
    mode,
    closeConnection: given.boolean('closeConnection', true),
    failBeforeCommit:
      code === undefined
        ? undefined
        : locationError(code, 'Failing write via onPrimaryTransactionalWrite fail point'),
  };
}
