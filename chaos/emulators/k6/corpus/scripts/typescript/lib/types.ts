export interface Credentials {
  user: string;
  password: string;
}
export type Role = 'admin' | 'buyer';
export type { OnlyType } from './only-types.ts';
export function makeCredentials(user: string, password: string): Credentials {
  return { user, password };
}
