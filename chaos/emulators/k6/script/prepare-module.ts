/** From the text of a file to its code: types are taken off, then it is parsed and rewritten. */
import { stripTypeScriptTypes } from 'node:module';
import type { Program } from 'acorn';
import { messageOf } from '../errors.ts';
import { commonJsMayBlock, moduleMayBlock } from './blocking-calls.ts';
import { Edits } from './edits.ts';
import type { ModuleCode } from './module-code.ts';
import { rewriteModule } from './module-factory.ts';
import { takePropertiesLiterally } from './regular-expressions.ts';
import { analyzeScopes } from './scopes.ts';
import { parseSource, walk } from './syntax.ts';

/** Throws a `SyntaxError` that names the file and the line. */
export function prepareModule(text: string, url: string): ModuleCode {
  const isTypeScript = /\.[cm]?ts$/.test(url) || (url.endsWith('/-') && looksLikeTypeScript(text, url));
  const { javaScript, sourceMap } = isTypeScript
    ? withoutTypes(text, url)
    : { javaScript: text, sourceMap: undefined };
  const parsed = parseSource(javaScript, url);
  const edits = new Edits(javaScript);
  const common = { isTypeScript, notes: takePropertiesLiterally(parsed.program, edits, url), sourceMap };
  if (parsed.kind === 'module') {
    const scopes = analyzeScopes(parsed.program);
    const mayBlock = moduleMayBlock(parsed.program, scopes);
    return { ...common, ...rewriteModule(parsed, scopes, edits, isTypeScript), kind: 'module', mayBlock };
  }
  const requires = requiredNames(parsed.program);
  edits.insert(0, '(function (module, exports, require) { ');
  if (javaScript.startsWith('#!')) edits.remove(0, javaScript.indexOf('\n'));
  return {
    ...common,
    code: `${edits.apply()}\n})`,
    kind: 'common-js',
    mayBlock: commonJsMayBlock(parsed.program, requires),
    requires,
  };
}

function requiredNames(program: Program): string[] {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return;
    const [argument] = node.arguments;
    if (argument?.type === 'Literal' && typeof argument.value === 'string') names.add(argument.value);
  });
  return [...names];
}

/** What comes from the standard input has no ending that tells. */
function looksLikeTypeScript(text: string, url: string): boolean {
  try {
    parseSource(text, url);
    return false;
  } catch {
    return true;
  }
}

function withoutTypes(text: string, url: string): { javaScript: string; sourceMap: string | undefined } {
  try {
    return { javaScript: stripTypeScriptTypes(text), sourceMap: undefined };
  } catch (error) {
    if (!hasCode(error, 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')) {
      throw new SyntaxError(`${url}: ${messageOf(error)}`, { cause: error });
    }
  }
  // Enums, namespaces and parameter properties are more than types: the code is written anew, and lines move.
  const withMap = stripTypeScriptTypes(text, { mode: 'transform', sourceMap: true, sourceUrl: url });
  const mapped = /^([^]*)\n\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(withMap);
  return {
    javaScript: mapped?.[1] ?? withMap,
    sourceMap: mapped?.[2] === undefined ? undefined : Buffer.from(mapped[2], 'base64').toString('utf8'),
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
