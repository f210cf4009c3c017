/** The configuration of the sample service. */
export { target as default } from './target.ts';
