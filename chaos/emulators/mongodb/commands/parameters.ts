/** getParameter and setParameter. */
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { changeableParameters } from '../parameters.ts';
import { genericFields } from './command-traits.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';

export const getParameter: Command = {
  name: 'getParameter',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  run: (operation) => {
    const { parameters } = operation.server;
    const wanted = operation.body['getParameter'];
    const wantsAll = wanted === '*' || (isDocument(wanted) && wanted['allParameters'] === true);
    const names = wantsAll
      ? [...parameters.keys()]
      : namedParameters(operation).filter((name) => parameters.has(name));
    if (names.length === 0) throw new MongoError('InvalidOptions', 'no option found to get');
    return Object.fromEntries(names.map((name) => [name, parameters.get(name)]));
  },
};

export const setParameter: Command = {
  name: 'setParameter',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  run: (operation) => {
    const { parameters } = operation.server;
    const names = namedParameters(operation);
    if (names.length === 0)
      throw new MongoError('InvalidOptions', 'no option found to set, use help:true to see options ');
    let was: unknown;
    for (const name of names) {
      if (!changeableParameters.has(name)) {
        throw new MongoError(
          'InvalidOptions',
          `attempted to set unrecognized parameter [${name}], use help:true to see options `,
        );
      }
      const value = operation.arguments.number(name);
      if (value === undefined || value <= 0)
        throw new MongoError('BadValue', `Invalid value for parameter ${name}`);
      was = parameters.get(name);
      parameters.set(name, value);
    }
    return { was };
  },
};

function namedParameters({ body, command }: Operation): string[] {
  return Object.keys(body).filter((name) => name !== command.name && !genericFields.has(name));
}
