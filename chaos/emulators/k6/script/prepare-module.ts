/** From a file to its code. */
import type { Program } from 'acorn';
import { commonJsMayBlock, moduleMayBlock } from './blocking-calls.ts';
import { Edits } from './edits.ts';
import type { ModuleCode } from './module-code.ts';
import { rewriteModule } from './module-factory.ts';
import { needOfOwnRealm } from './own-realm.ts';
import { readSource } from './read-source.ts';
import type { ReadSource } from './read-source.ts';
import { takePropertiesLiterally } from './regular-expressions.ts';
import { walk } from './syntax.ts';

/** Throws a `SyntaxError` that names the file and the line. */
export function prepareModule(text: string, url: string): ModuleCode {
  const source = readSource(text, url);
  return codeOf(source, new Edits(source.javaScript), false);
}

/** What code that was rewritten to wait uses. */
const switchingNames = '{ drive: $k6drive, each: $k6each, Suspended: $k6Suspended }';

/** `edits` are those that were made to the file so far, `waits` whether it was rewritten to wait. */
export function codeOf(source: ReadSource, edits: Edits, waits: boolean): ModuleCode {
  const { isTypeScript, javaScript, parsed, scopes, sourceMap, url } = source;
  const notes = takePropertiesLiterally(parsed.program, edits, url);
  const common = { isTypeScript, notes, ownRealm: needOfOwnRealm(source), sourceMap };
  if (parsed.kind === 'module') {
    const mayBlock = moduleMayBlock(parsed.program, scopes);
    return {
      ...common,
      ...rewriteModule(source, edits, waits ? `const ${switchingNames} = $k6.switching; ` : ''),
      kind: 'module',
      mayBlock,
    };
  }
  const requires = requiredNames(parsed.program);
  const end = javaScript.startsWith('#!') ? javaScript.indexOf('\n') : 0;
  if (end > 0) edits.remove(0, end);
  const body = `(function (module, exports, require) { ${edits.apply()}\n})`;
  return {
    ...common,
    code: waits ? withSwitching(body) : body,
    kind: 'common-js',
    mayBlock: commonJsMayBlock(parsed.program, requires),
    requires,
  };
}

/** A directive such as `use strict` is one only at the begin of a function that takes nothing apart. */
function withSwitching(body: string): string {
  return (
    `(function (module, exports, require, $k6switching) { const ${switchingNames} = $k6switching; ` +
    `return ${body}.call(this, module, exports, require); })`
  );
}

function requiredNames(program: Program): string[] {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require')
      return;
    const [argument] = node.arguments;
    if (argument?.type === 'Literal' && typeof argument.value === 'string') names.add(argument.value);
  });
  return [...names];
}
