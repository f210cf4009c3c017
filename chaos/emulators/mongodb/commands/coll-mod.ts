/** collMod: changes options of a collection, a view or one of its indexes. */
import { MongoError, locationError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import type { CollectionInfo, Document, IndexSpec } from '../storage/contract.ts';
import { shellText } from '../storage/duplicate-key.ts';
import { Arguments } from './arguments.ts';
import { changeCatalogue } from './catalogue-change.ts';
import { expirySeconds } from './collection-options.ts';
import type { Command } from './command.ts';
import { duplicatesIn } from './index-duplicates.ts';
import { findIndex } from './index-lookup.ts';
import type { Operation } from './operation.ts';
import { defaultCollation } from './query-arguments.ts';
import { checkValidator } from './validation-options.ts';
import { checkView, isViewOptions } from './views.ts';

const validation = ['validator', 'validationLevel', 'validationAction'];

export const collMod: Command = {
  name: 'collMod',
  kind: 'write',
  inTransaction: false,
  writeConcern: true,
  fields: [
    ...validation,
    'changeStreamPreAndPostImages',
    'cappedMax',
    'cappedSize',
    'dryRun',
    'expireAfterSeconds',
    'index',
    'pipeline',
    'timeseries',
    'viewOn',
  ],
  run: async (operation) => {
    const { namespace, server } = operation;
    const collection = server.engine.collection(namespace);
    if (collection === undefined) {
      throw new MongoError('NamespaceNotFound', `ns does not exist: ${namespace}`);
    }
    const options = isViewOptions(collection.options)
      ? viewOptions(operation, collection)
      : changedOptions(operation, collection);
    const change = indexChange(operation, collection);
    if (operation.arguments.boolean('dryRun')) return change?.reply ?? {};
    const { reply = {}, index, before } = change ?? {};
    await changeCatalogue(
      operation,
      () =>
        server.engine.modifyCollection(namespace, {
          ...(options === collection.options ? {} : { options }),
          ...(index === undefined ? {} : { index }),
        }),
      [
        {
          kind: 'modify',
          namespace,
          before: undefined,
          after: undefined,
          description: descriptionOf(operation.body),
          stateBefore: {
            collectionOptions: { ...collection.options },
            ...(before === undefined ? {} : { indexOptions: before }),
          },
        },
      ],
    );
    return reply;
  },
};

function descriptionOf(body: Document): Document {
  const { index, ...rest } = Object.fromEntries(
    Object.entries(body).filter(([name]) => collMod.fields?.includes(name) === true),
  );
  return { ...(index === undefined ? {} : { index }), ...rest };
}

function viewOptions(operation: Operation, { namespace, options }: CollectionInfo): Document {
  const given = operation.arguments;
  const other = [
    ...validation,
    'changeStreamPreAndPostImages',
    'expireAfterSeconds',
    'index',
    'timeseries',
  ].find((name) => given.get(name) !== undefined);
  if (other !== undefined) {
    throw new MongoError('InvalidOptions', `option not supported on a view: ${other}`);
  }
  const viewOn = given.string('viewOn');
  const pipeline = given.array('pipeline');
  if (viewOn === undefined && pipeline === undefined) return options;
  if (viewOn === undefined || pipeline === undefined) {
    throw new MongoError('InvalidOptions', 'viewOn and pipeline must both be given to modify a view');
  }
  checkView(operation.server, namespace, { viewOn, pipeline, collation: defaultCollation(options) });
  return { ...options, viewOn, pipeline: [...pipeline] };
}

function changedOptions(operation: Operation, { options }: CollectionInfo): Document {
  const given = operation.arguments;
  if (given.get('viewOn') !== undefined || given.get('pipeline') !== undefined) {
    throw new MongoError(
      'InvalidOptions',
      'ns is not a view: viewOn and pipeline can only be given for a view',
    );
  }
  const changed: Document = { ...options };
  const checked = checkValidator(given, 'collMod', defaultCollation(options));
  Object.assign(changed, checked);
  if (isDocument(checked['validator']) && Object.keys(checked['validator']).length === 0) {
    delete changed['validator'];
  }
  if (options['timeseries'] !== undefined && Object.keys(checked).length > 0) {
    throw new MongoError('InvalidOptions', 'option not supported on a time-series collection: validator');
  }
  changeImages(given, changed);
  changeExpiry(given, changed);
  changeSeries(given, changed);
  changeCap(given, changed);
  const isSame = Object.keys(changed).every((name) => changed[name] === options[name]);
  return isSame && Object.keys(changed).length === Object.keys(options).length ? options : changed;
}

function changeImages(given: Arguments, changed: Document): void {
  const images = given.documentField('changeStreamPreAndPostImages');
  if (images === undefined) return;
  const option = new Arguments(images, 'collMod.changeStreamPreAndPostImages');
  option.refuseUnknown(new Set(['enabled']));
  if (changed['timeseries'] !== undefined) {
    throw new MongoError(
      'InvalidOptions',
      'option not supported on a time-series collection: changeStreamPreAndPostImages',
    );
  }
  if (option.boolean('enabled')) changed['changeStreamPreAndPostImages'] = { enabled: true };
  else delete changed['changeStreamPreAndPostImages'];
}

function changeExpiry(given: Arguments, changed: Document): void {
  const value = given.get('expireAfterSeconds');
  if (value === undefined) return;
  if (changed['timeseries'] === undefined && changed['clusteredIndex'] === undefined) {
    throw new MongoError(
      'InvalidOptions',
      "'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified",
    );
  }
  if (typeof value === 'string' && value !== 'off') {
    throw new MongoError('InvalidOptions', "expireAfterSeconds must be a number or 'off'");
  }
  if (value === 'off') delete changed['expireAfterSeconds'];
  else Object.assign(changed, expirySeconds(given));
}

const granularities = ['seconds', 'minutes', 'hours'];

function changeSeries(given: Arguments, changed: Document): void {
  const wanted = given.documentField('timeseries');
  if (wanted === undefined) return;
  const current = changed['timeseries'];
  if (!isDocument(current)) {
    throw new MongoError('InvalidOptions', 'option only supported on a time-series collection: timeseries');
  }
  const option = new Arguments(wanted, 'collMod.timeseries');
  option.refuseUnknown(new Set(['granularity', 'bucketMaxSpanSeconds', 'bucketRoundingSeconds']));
  const granularity = option.string('granularity');
  if (granularity === undefined && option.get('bucketMaxSpanSeconds') === undefined) return;
  if (granularity === undefined) {
    const span = option.number('bucketMaxSpanSeconds');
    if (span === undefined || span !== option.number('bucketRoundingSeconds')) {
      throw new MongoError(
        'InvalidOptions',
        'bucketMaxSpanSeconds and bucketRoundingSeconds must be the same',
      );
    }
    if (span < (numberOf(current['bucketMaxSpanSeconds']) ?? 0)) throw narrower();
    const { granularity: _granularity, ...rest } = current;
    changed['timeseries'] = { ...rest, bucketMaxSpanSeconds: span, bucketRoundingSeconds: span };
    return;
  }
  if (!granularities.includes(granularity)) {
    throw new MongoError(
      'BadValue',
      `Enumeration value '${granularity}' for field 'collMod.timeseries.granularity' is not a valid value.`,
    );
  }
  const before = granularities.indexOf(String(current['granularity']));
  if (granularities.indexOf(granularity) < before) throw narrower();
  const span = { seconds: 3600, minutes: 86_400, hours: 2_592_000 }[granularity];
  changed['timeseries'] = { ...current, granularity, bucketMaxSpanSeconds: span };
}

function narrower(): MongoError {
  return new MongoError(
    'InvalidOptions',
    'Invalid transition for timeseries.granularity. Can only transition from a finer to a coarser granularity.',
  );
}

function changeCap(given: Arguments, changed: Document): void {
  for (const [field, option] of [
    ['cappedSize', 'size'],
    ['cappedMax', 'max'],
  ] as const) {
    const value = given.number(field);
    if (value === undefined) continue;
    if (changed['capped'] !== true) {
      throw new MongoError('InvalidOptions', `Cannot change ${field} of a collection that is not capped`);
    }
    if (option === 'max' && value <= 0) delete changed['max'];
    else changed[option] = option === 'size' ? Math.ceil(value / 256) * 256 : Math.trunc(value);
  }
}

interface IndexChange {
  readonly index: IndexSpec | undefined;
  readonly reply: Document;
  readonly before: Document;
}

const indexFields = new Set([
  'expireAfterSeconds',
  'hidden',
  'keyPattern',
  'name',
  'prepareUnique',
  'unique',
]);

/** @throws MongoError IndexNotFound, InvalidOptions, CannotConvertIndexToUnique. */
function indexChange(operation: Operation, collection: CollectionInfo): IndexChange | undefined {
  const wanted = operation.arguments.documentField('index');
  if (wanted === undefined) return undefined;
  const given = new Arguments(wanted, 'collMod.index');
  given.refuseUnknown(indexFields);
  const name = given.string('name');
  const keyPattern = given.documentField('keyPattern');
  if (name !== undefined && keyPattern !== undefined) {
    throw new MongoError('InvalidOptions', 'Cannot specify both key pattern and name.');
  }
  if (name === undefined && keyPattern === undefined) {
    throw new MongoError('InvalidOptions', 'Must specify either index name or key pattern.');
  }
  const changes = ['expireAfterSeconds', 'hidden', 'prepareUnique', 'unique'].filter(
    (field) => given.get(field) !== undefined,
  );
  if (changes.length === 0) {
    throw new MongoError('InvalidOptions', 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  }
  const index = findIndex(collection.indexes, name ?? keyPattern);
  const clustered = collection.options['clusteredIndex'];
  const isClustered =
    clustered !== undefined &&
    (index?.name === '_id_' || (isDocument(clustered) && clustered['name'] === name));
  if (isClustered && changes.includes('hidden')) {
    throw locationError(6_011_800, 'The clusteredIndex cannot be hidden');
  }
  if (index === undefined || isClustered) {
    throw new MongoError(
      'IndexNotFound',
      `cannot find index ${shellText(name ?? keyPattern)} for ns ${collection.namespace}`,
    );
  }
  if (index.name === '_id_') {
    const reason = changes.includes('hidden') ? "can't hide _id index" : 'cannot modify the _id index';
    throw new MongoError(changes.includes('hidden') ? 'BadValue' : 'InvalidOptions', reason);
  }
  return changedIndex(operation, collection, index, given);
}

function changedIndex(
  operation: Operation,
  { namespace }: CollectionInfo,
  index: IndexSpec,
  given: Arguments,
): IndexChange {
  const reply: Document = {};
  const before: Document = {};
  let changed: IndexSpec = index;
  const seconds = given.number('expireAfterSeconds');
  if (seconds !== undefined) {
    if (seconds < 0 || seconds > 0x7fffffff) {
      throw new MongoError(
        'InvalidOptions',
        'TTL index expireAfterSeconds option must be within an acceptable range',
      );
    }
    if (Object.keys(index.key).length > 1) {
      throw new MongoError(
        'InvalidOptions',
        'TTL indexes are single-field indexes, compound indexes do not support TTL.',
      );
    }
    if (index.expireAfterSeconds !== undefined) reply['expireAfterSeconds_old'] = index.expireAfterSeconds;
    reply['expireAfterSeconds_new'] = seconds;
    before['expireAfterSeconds'] = index.expireAfterSeconds;
    changed = { ...changed, expireAfterSeconds: Math.trunc(seconds) };
  }
  if (given.get('hidden') !== undefined) {
    const hidden = given.boolean('hidden');
    if (hidden !== (index.hidden === true)) {
      reply['hidden_old'] = !hidden;
      reply['hidden_new'] = hidden;
      before['hidden'] = !hidden;
    }
    const { hidden: _hidden, ...rest } = changed;
    changed = hidden ? { ...rest, hidden } : rest;
  }
  if (given.get('prepareUnique') !== undefined) {
    const prepareUnique = given.boolean('prepareUnique');
    if (prepareUnique !== (index.prepareUnique === true)) {
      reply['prepareUnique_old'] = !prepareUnique;
      reply['prepareUnique_new'] = prepareUnique;
    }
    const { prepareUnique: _prepare, ...rest } = changed;
    changed = prepareUnique ? { ...rest, prepareUnique } : rest;
  }
  if (given.get('unique') !== undefined) changed = becomeUnique(operation, namespace, changed, given, reply);
  return { index: changed, reply, before };
}

function becomeUnique(
  operation: Operation,
  namespace: string,
  index: IndexSpec,
  given: Arguments,
  reply: Document,
): IndexSpec {
  if (!given.boolean('unique')) {
    throw new MongoError('BadValue', 'unique must be true');
  }
  if (index.unique) return index;
  if (index.prepareUnique !== true) {
    throw new MongoError(
      'InvalidOptions',
      'Cannot make index unique with an unprepared index, run collMod with prepareUnique first',
    );
  }
  const violations = duplicatesIn(operation, namespace, index);
  if (violations.length > 0) {
    throw new MongoError(
      'CannotConvertIndexToUnique',
      'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
      { violations },
    );
  }
  reply['unique_new'] = true;
  const { prepareUnique: _prepare, ...rest } = index;
  return { ...rest, unique: true };
}
