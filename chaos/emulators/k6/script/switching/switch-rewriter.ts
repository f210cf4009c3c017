/**
 * Rewrites functions that may wait: each becomes one that runs its body as a generator, and whatever call may give a suspended
 * value is followed by a `yield` for when it does. A body that never waits gives its value at once.
 */
import type { AnyNode } from 'acorn';
import type { Edits } from '../edits.ts';
import { childrenOf, isFunction } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import type { CallModel, FunctionModel, SourceFile } from './program-model.ts';
import type { Suspension } from './suspension.ts';

export function rewriteForSwitching(
  file: SourceFile,
  functions: readonly FunctionModel[],
  suspension: Suspension,
  edits: Edits,
): void {
  for (const model of functions) {
    if (model.file !== file || model.node === undefined || model.obstacle !== undefined) continue;
    const calls = model.calls.filter((call) => call.obstacle === undefined && suspension.suspends(call));
    if (calls.length === 0) continue;
    wrapBody(model.node, edits);
    for (const call of calls) wrapCall(call, model.isAsync, edits, statementBefore(model.node, call));
  }
}

function wrapBody(node: FunctionNode, edits: Edits): void {
  const { body } = node;
  const declaration = 'let $k6value; ';
  if (node.async) {
    if (body.type === 'BlockStatement') edits.insert(afterDirectives(body), ` ${declaration}`);
    else edits.wrap(arrowEnd(node, edits), node.end, ` { ${declaration}return (`, '); }');
    return;
  }
  const call = usesArguments(node) ? 'apply(this, arguments)' : 'call(this)';
  const before = `return $k6drive(function* () { ${declaration}`;
  const after = ` }.${call}); `;
  if (body.type === 'BlockStatement') edits.wrap(afterDirectives(body), body.end - 1, ` ${before}`, after);
  else edits.wrap(arrowEnd(node, edits), node.end, ` { ${before}return (`, `);${after}}`);
}

/** Of an arrow function whose body is an expression, which may stand in parentheses. */
function arrowEnd(node: FunctionNode, edits: Edits): number {
  return edits.source.lastIndexOf('=>', node.body.start) + '=>'.length;
}

/** `use strict` has to stay the first thing in the function. */
function afterDirectives(body: Extract<AnyNode, { type: 'BlockStatement' }>): number {
  const last = body.body.findLast(
    (statement) => statement.type === 'ExpressionStatement' && statement.directive !== undefined,
  );
  return last?.end ?? body.start + 1;
}

function usesArguments(node: FunctionNode): boolean {
  const within = (inner: AnyNode): boolean => {
    if (inner.type === 'Identifier' && inner.name === 'arguments') return true;
    if (isFunction(inner) && inner.type !== 'ArrowFunctionExpression') return false;
    return [...childrenOf(inner)].some(within);
  };
  return within(node.body);
}

function wrapCall(
  { callsHanded, node, whole }: CallModel,
  isAsync: boolean,
  edits: Edits,
  statement: AnyNode | undefined,
): void {
  if (statement !== undefined) edits.guard(statement.start);
  const waited = isAsync ? 'await $k6value.take()' : 'yield $k6value';
  edits.wrap(
    whole.start,
    whole.end,
    '($k6value = ',
    `, $k6value instanceof $k6Suspended ? ${waited} : $k6value)`,
  );
  if (callsHanded !== 'array' || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression')
    return;
  const { object, property } = node.callee;
  if (object.type === 'Super' || node.optional || property.type !== 'Identifier') return;
  // `list.map(f)` becomes `$k6each(list, "map", f)`, which waits for f where the method of the language cannot.
  const isOptional = node.callee.optional;
  const dot = edits.source.lastIndexOf(isOptional ? '?.' : '.', property.start - 1);
  const open = edits.source.indexOf('(', property.end);
  const separator = node.arguments.length > 0 ? ', ' : '';
  edits.insert(node.callee.start, '$k6each(');
  edits.replace(dot, open + 1, `, ${JSON.stringify(property.name)}, ${isOptional}${separator}`);
}

/** The statement that begins with the call: what the call is wrapped in begins with a parenthesis, which would continue a line. */
function statementBefore(node: FunctionNode, call: CallModel): AnyNode | undefined {
  let found: AnyNode | undefined;
  const search = (inner: AnyNode): void => {
    if (inner.end < call.whole.start || inner.start > call.whole.end) return;
    const isList =
      inner.type === 'BlockStatement' || inner.type === 'SwitchCase' || inner.type === 'StaticBlock';
    const statements: readonly AnyNode[] = isList
      ? inner.type === 'SwitchCase'
        ? inner.consequent
        : inner.body
      : [];
    found ??= statements.find(
      ({ start, type }) => type === 'ExpressionStatement' && start === call.whole.start,
    );
    for (const child of childrenOf(inner)) search(child);
  };
  search(node.body);
  return found;
}
