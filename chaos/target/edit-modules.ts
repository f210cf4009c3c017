/** Loaded before a Node.js process of the target (`--import`), with the mutant in its URL: plants it before any module of the target is loaded. */
import { editsIn } from './edits-parameter.ts';
import { plantEdits } from './plant-edits.ts';

const { mutant, edits, root } = editsIn(new URL(import.meta.url));
plantEdits(mutant, edits, root);
