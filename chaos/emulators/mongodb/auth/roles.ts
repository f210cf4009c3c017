/** MongoDB's built-in roles, by what they let a user do. */
import { MongoError } from '../errors.ts';

export interface Role {
  readonly role: string;
  readonly db: string;
}

/** Kinds of actions: the first four in a database, the others on the server. */
export type Action = 'read' | 'write' | 'dbAdmin' | 'userAdmin' | 'monitor' | 'manage';

interface Grant {
  readonly actions: readonly Action[];
  /** In which databases; those of `any` belong to the database admin. */
  readonly scope: 'own' | 'any';
}

const databaseActions: readonly Action[] = ['read', 'write', 'dbAdmin', 'userAdmin'];
const everything: readonly Action[] = [...databaseActions, 'monitor', 'manage'];

const builtIn: Readonly<Record<string, Grant>> = {
  __system: { scope: 'any', actions: everything },
  backup: { scope: 'any', actions: ['read', 'monitor'] },
  clusterAdmin: { scope: 'any', actions: ['monitor', 'manage'] },
  clusterManager: { scope: 'any', actions: ['monitor', 'manage'] },
  clusterMonitor: { scope: 'any', actions: ['monitor'] },
  dbAdmin: { scope: 'own', actions: ['dbAdmin'] },
  dbAdminAnyDatabase: { scope: 'any', actions: ['dbAdmin'] },
  dbOwner: { scope: 'own', actions: databaseActions },
  enableSharding: { scope: 'own', actions: [] },
  hostManager: { scope: 'any', actions: ['manage'] },
  read: { scope: 'own', actions: ['read'] },
  readAnyDatabase: { scope: 'any', actions: ['read'] },
  readWrite: { scope: 'own', actions: ['read', 'write'] },
  readWriteAnyDatabase: { scope: 'any', actions: ['read', 'write'] },
  restore: { scope: 'any', actions: ['write', 'dbAdmin', 'userAdmin'] },
  root: { scope: 'any', actions: everything },
  userAdmin: { scope: 'own', actions: ['userAdmin'] },
  userAdminAnyDatabase: { scope: 'any', actions: ['userAdmin'] },
};

/** @throws MongoError RoleNotFound: roles of the client's own making do not exist here. */
export function checkRole({ db, role }: Role): void {
  const grant = Object.hasOwn(builtIn, role) ? builtIn[role] : undefined;
  if (grant !== undefined && (grant.scope === 'own' || db === 'admin')) return;
  throw new MongoError('RoleNotFound', `Could not find role: ${role}@${db}`);
}

export function allows(roles: readonly Role[], database: string, action: Action): boolean {
  return roles.some(({ db, role }) => {
    const grant = builtIn[role];
    return (
      grant !== undefined && grant.actions.includes(action) && (grant.scope === 'any' || db === database)
    );
  });
}

/** Whether the user has anything to do with the database. */
export function concerns(roles: readonly Role[], database: string): boolean {
  return databaseActions.some((action) => allows(roles, database, action));
}

export function builtInRoles(): readonly string[] {
  return Object.keys(builtIn);
}
