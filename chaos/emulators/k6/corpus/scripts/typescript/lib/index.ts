export { Item, loadItem } from './items.ts';
export * from './kinds.ts';
