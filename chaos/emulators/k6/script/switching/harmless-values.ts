/** Values that are no functions, as far as their text tells. */
import type { AnyNode } from 'acorn';
import type { Reference } from '../scopes.ts';

/** `referenceOf` gives what is known of a name, `initOf` the value that a constant begins with. */
export interface ValueFacts {
  referenceOf(node: AnyNode): Reference | undefined;
  initOf(reference: Reference): AnyNode | undefined;
}

const harmlessKinds: ReadonlySet<string> = new Set([
  'ArrayExpression',
  'BinaryExpression',
  'ClassExpression',
  'Literal',
  'NewExpression',
  'ObjectExpression',
  'TemplateLiteral',
  'ThisExpression',
  'UnaryExpression',
  'UpdateExpression',
]);

export function isHarmlessValue(node: AnyNode, facts: ValueFacts, depth = 0): boolean {
  if (harmlessKinds.has(node.type)) return true;
  const inner = (other: AnyNode): boolean => isHarmlessValue(other, facts, depth);
  switch (node.type) {
    case 'AssignmentExpression':
      return inner(node.right);
    case 'ConditionalExpression':
      return inner(node.consequent) && inner(node.alternate);
    case 'Identifier': {
      const reference = facts.referenceOf(node);
      if (reference === undefined) return false;
      // What is global belongs to the language or to the runtime, and none of it blocks.
      if (reference.binding === undefined) return true;
      const init = depth < 3 ? facts.initOf(reference) : undefined;
      return init !== undefined && isHarmlessValue(init, facts, depth + 1);
    }
    case 'LogicalExpression':
      return inner(node.left) && inner(node.right);
    case 'SequenceExpression':
      return node.expressions.every(inner);
    default:
      return false;
  }
}
