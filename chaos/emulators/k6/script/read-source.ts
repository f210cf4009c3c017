/** The text of a file without its types, parsed. */
import { stripTypeScriptTypes } from 'node:module';
import { messageOf } from '../errors.ts';
import { analyzeScopes } from './scopes.ts';
import type { ScopeAnalysis } from './scopes.ts';
import { parseSource } from './syntax.ts';
import type { ParsedSource } from './syntax.ts';

export interface ReadSource {
  readonly url: string;
  readonly javaScript: string;
  readonly isTypeScript: boolean;
  /** Of a file whose lines had to move: the map back, as JSON. */
  readonly sourceMap: string | undefined;
  readonly parsed: ParsedSource;
  readonly scopes: ScopeAnalysis;
}

/** Throws a `SyntaxError` that names the file and the line. */
export function readSource(text: string, url: string): ReadSource {
  const isTypeScript = /\.[cm]?ts$/.test(url) || (url.endsWith('/-') && !parses(text, url));
  const { javaScript, sourceMap } = isTypeScript
    ? withoutTypes(text, url)
    : { javaScript: text, sourceMap: undefined };
  const parsed = parseSource(javaScript, url);
  return { isTypeScript, javaScript, parsed, scopes: analyzeScopes(parsed.program), sourceMap, url };
}

/** What comes from the standard input has no ending that tells. */
function parses(text: string, url: string): boolean {
  try {
    parseSource(text, url);
    return true;
  } catch {
    return false;
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
  const mapped = /^([^]*)\n\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(
    withMap,
  );
  return {
    javaScript: mapped?.[1] ?? withMap,
    sourceMap: mapped?.[2] === undefined ? undefined : Buffer.from(mapped[2], 'base64').toString('utf8'),
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
