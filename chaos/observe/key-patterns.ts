/** Which keys of Redis belong to the target, by patterns as Redis itself reads them (`*`, `?`, `[a-z]`, `\` before a character that is meant). */

/** Keys of the harness itself begin with this. */
const ownKeyPrefix = 'redcliff:';

export type KeyMatcher = (key: string) => boolean;

export function isOwnKey(key: string): boolean {
  return key.startsWith(ownKeyPrefix);
}

/** Matches every key but the harness's own when there are no patterns. */
export function keyMatcher(patterns: readonly string[] | undefined): KeyMatcher {
  if (patterns === undefined) return (key) => !isOwnKey(key);
  const expressions = patterns.map(expressionOf);
  return (key) => !isOwnKey(key) && expressions.some((expression) => expression.test(key));
}

/** The glob of Redis (`stringmatchlen` in its util.c) as a regular expression. */
function expressionOf(pattern: string): RegExp {
  const tokens = pattern.match(/\\[\s\S]|\[(?:\\[\s\S]|[^\]])*\]|[\s\S]/g) ?? [];
  const source = tokens.map((token) => {
    if (token === '*') return '[\\s\\S]*';
    if (token === '?') return '[\\s\\S]';
    if (token.length > 1 && token.startsWith('[')) return classOf(token);
    return escaped(token.startsWith('\\') ? token.slice(1) : token);
  });
  return new RegExp(`^${source.join('')}$`);
}

function classOf(token: string): string {
  const negated = token.startsWith('[^');
  const members = token.slice(negated ? 2 : 1, -1).replaceAll(/\\([\s\S])/g, '$1');
  const written = members.replaceAll(/[\\\]^]/g, '\\$&');
  if (written === '') return negated ? '[\\s\\S]' : '(?!)';
  return `[${negated ? '^' : ''}${written}]`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
