/** The target of this repository: the persistence layer in system/, described in scenarios/. */
export { target as default } from './scenarios/target.ts';
