/** createUser, updateUser, dropUser and what else changes or shows users. */
import { UUID } from 'bson';
import { makeCredentials, mechanisms } from '../auth/credentials.ts';
import type { Credentials, Mechanism } from '../auth/credentials.ts';
import { builtInRoles, checkRole } from '../auth/roles.ts';
import type { Role } from '../auth/roles.ts';
import type { User } from '../auth/user-store.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { compileFilter } from '../query/matcher.ts';
import type { Document } from '../storage/contract.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';

const base = { kind: 'write', inTransaction: false, writeConcern: true } as const;
const userFields = [
  'authenticationRestrictions',
  'customData',
  'digestPassword',
  'mechanisms',
  'passwordDigestor',
  'pwd',
  'roles',
];

export const createUser: Command = {
  ...base,
  name: 'createUser',
  fields: userFields,
  run: (operation) => {
    const { arguments: given, database, server } = operation;
    const user = given.requiredString('createUser');
    if (user === '') throw new MongoError('BadValue', 'User document needs a non-empty user name');
    refuseRestrictions(given);
    const roles = rolesOf(operation, 'roles');
    if (roles === undefined) given.requiredDocument('roles');
    const credentials = credentialsOf(operation, user);
    if (credentials === undefined) {
      throw new MongoError(
        'BadValue',
        "Must provide a 'pwd' field for all user documents, except those with '$external' as the user's source db",
      );
    }
    operation.durable = server.users.add({
      user,
      db: database,
      roles: roles ?? [],
      credentials,
      customData: given.documentField('customData'),
    });
    return {};
  },
};

export const updateUser: Command = {
  ...base,
  name: 'updateUser',
  fields: userFields,
  run: (operation) => {
    const { arguments: given, database, server } = operation;
    const user = given.requiredString('updateUser');
    refuseRestrictions(given);
    const roles = rolesOf(operation, 'roles');
    const credentials = credentialsOf(operation, user);
    const customData = given.documentField('customData');
    if (roles === undefined && credentials === undefined && customData === undefined) {
      throw new MongoError('BadValue', 'Must specify at least one field to update in updateUser');
    }
    operation.durable = server.users.change(database, user, () => ({
      ...(roles === undefined ? {} : { roles }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(customData === undefined ? {} : { customData }),
    }));
    return {};
  },
};

export const dropUser: Command = {
  ...base,
  name: 'dropUser',
  fields: [],
  run: (operation) => {
    const { arguments: given, database, server } = operation;
    operation.durable = server.users.remove(database, given.requiredString('dropUser'));
    return {};
  },
};

export const dropAllUsersFromDatabase: Command = {
  ...base,
  name: 'dropAllUsersFromDatabase',
  fields: [],
  run: (operation) => {
    const { database, server } = operation;
    const users = server.users.all().filter(({ db }) => db === database);
    for (const { user } of users) operation.durable = server.users.remove(database, user);
    return { n: users.length };
  },
};

export const grantRolesToUser: Command = {
  ...base,
  name: 'grantRolesToUser',
  fields: ['roles'],
  run: (operation) =>
    changeRoles(operation, (had, given) => [...had.filter((role) => !has(given, role)), ...given]),
};

export const revokeRolesFromUser: Command = {
  ...base,
  name: 'revokeRolesFromUser',
  fields: ['roles'],
  run: (operation) => changeRoles(operation, (had, given) => had.filter((role) => !has(given, role))),
};

function changeRoles(
  operation: Operation,
  change: (had: readonly Role[], given: readonly Role[]) => Role[],
): Document {
  const { arguments: given, command, database, server } = operation;
  const roles = rolesOf(operation, 'roles');
  if (roles === undefined) given.requiredDocument('roles');
  operation.durable = server.users.change(database, given.requiredString(command.name), (user) => ({
    roles: change(user.roles, roles ?? []),
  }));
  return {};
}

function has(roles: readonly Role[], wanted: Role): boolean {
  return roles.some(({ role, db }) => role === wanted.role && db === wanted.db);
}

export const usersInfo: Command = {
  name: 'usersInfo',
  kind: 'read',
  inTransaction: false,
  fields: ['filter', 'showAuthenticationRestrictions', 'showCredentials', 'showCustomData', 'showPrivileges'],
  run: ({ arguments: given, body, database, server }) => {
    const asked = body['usersInfo'];
    const matches = compileFilter(given.documentField('filter') ?? {});
    const showsCredentials = given.boolean('showCredentials');
    const users = server.users
      .all()
      .filter((user) => isAskedFor(user, asked, database))
      .map((user) => describe(user, showsCredentials))
      .filter((document) => matches(document));
    return { users };
  },
};

function isAskedFor(user: User, asked: unknown, database: string): boolean {
  if (Array.isArray(asked)) return asked.some((item: unknown) => isAskedFor(user, item, database));
  if (typeof asked === 'string') return user.user === asked && user.db === database;
  if (!isDocument(asked)) return user.db === database;
  if (asked['forAllDBs'] === true) return true;
  return user.user === asked['user'] && user.db === (asked['db'] ?? database);
}

function describe(
  { credentials, customData, db, roles, user, userId }: User,
  showsCredentials: boolean,
): Document {
  return {
    _id: `${db}.${user}`,
    userId: new UUID(userId),
    user,
    db,
    ...(showsCredentials ? { credentials } : {}),
    ...(customData === undefined ? {} : { customData }),
    roles: roles.map((role) => ({ ...role })),
    mechanisms: Object.keys(credentials),
  };
}

export const rolesInfo: Command = {
  name: 'rolesInfo',
  kind: 'read',
  inTransaction: false,
  fields: ['showAuthenticationRestrictions', 'showBuiltinRoles', 'showPrivileges'],
  run: ({ arguments: given, body, database }) => {
    const asked = body['rolesInfo'];
    const names =
      typeof asked === 'string' ? [asked] : isDocument(asked) ? [String(asked['role'])] : undefined;
    const shown = names ?? (given.boolean('showBuiltinRoles') ? builtInRoles() : []);
    const db = isDocument(asked) && typeof asked['db'] === 'string' ? asked['db'] : database;
    const roles = shown
      .filter((role) => builtInRoles().includes(role))
      .map((role) => ({ _id: `${db}.${role}`, role, db, isBuiltin: true, roles: [], inheritedRoles: [] }));
    return { roles };
  },
};

/** @throws MongoError RoleNotFound, BadValue. */
function rolesOf({ arguments: given, database }: Operation, field: string): Role[] | undefined {
  return given.array(field)?.map((item): Role => {
    const role = typeof item === 'string' ? { role: item, db: database } : givenRole(item);
    checkRole(role);
    return role;
  });
}

function givenRole(item: unknown): Role {
  const role = isDocument(item) ? item['role'] : undefined;
  const db = isDocument(item) ? item['db'] : undefined;
  if (typeof role === 'string' && typeof db === 'string') return { role, db };
  throw new MongoError(
    'BadValue',
    'Role names must be either strings or objects with the fields role and db',
  );
}

function refuseRestrictions(given: Arguments): void {
  const restrictions = given.array('authenticationRestrictions') ?? [];
  if (restrictions.length === 0) return;
  throw new MongoError(
    'CommandNotSupported',
    'authenticationRestrictions are not supported by the embedded MongoDB',
  );
}

/** undefined when no password is given. @throws MongoError BadValue. */
function credentialsOf(
  operation: Operation,
  user: string,
): Partial<Record<Mechanism, Credentials>> | undefined {
  const { arguments: given, server } = operation;
  const password = given.string('pwd');
  const wanted = given.array('mechanisms') ?? mechanisms;
  const chosen = wanted.map((name) => {
    const mechanism = mechanisms.find((item) => item === name);
    if (mechanism !== undefined) return mechanism;
    throw new MongoError('BadValue', `Unknown auth mechanism '${String(name)}'`);
  });
  if (chosen.length === 0) throw new MongoError('BadValue', 'mechanisms field must not be empty');
  if (password === undefined) return undefined;
  if (password === '') throw new MongoError('BadValue', 'User passwords must not be empty');
  if (!given.boolean('digestPassword', true)) {
    throw new MongoError('BadValue', "'digestPassword' must be true: passwords are digested by the server");
  }
  return Object.fromEntries(
    chosen.map((mechanism) => [mechanism, makeCredentials(mechanism, user, password, server.random)]),
  );
}
