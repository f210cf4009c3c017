/** $regexMatch $regexFind $regexFindAll. Positions count code points. */
import { BSONRegExp } from 'bson';
import { locationError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import { compilePcre, PcreError } from '../../query/pcre.ts';
import type { CompiledPattern } from '../../query/pcre.ts';
import { optionsOf } from '../../query/regular-expression.ts';
import { compileNamed, namedOperands } from './arguments.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { ExpressionOperator, Node, OperatorTable } from './evaluation.ts';
import { codePointLength } from './text-value.ts';

export const regexOperators: OperatorTable = {
  $regexFind: regexOperator(null, (text, pattern) => {
    pattern.expression.lastIndex = 0;
    const found = pattern.expression.exec(text);
    return found === null ? null : matchOf(found, codePointLength(text.slice(0, found.index)), pattern);
  }),
  $regexFindAll: regexOperator([], findAll),
  $regexMatch: regexOperator(false, (text, { expression }) => {
    expression.lastIndex = 0;
    return expression.test(text);
  }),
};

/** `position` is the match's, in code points. */
function matchOf(
  found: RegExpExecArray,
  position: number,
  { captures }: CompiledPattern,
): Record<string, unknown> {
  return { match: found[0], idx: position, captures: captures.map((index) => found[index] ?? null) };
}

/** Positions are counted on from match to match, as long texts may have many. */
function findAll(text: string, pattern: CompiledPattern): unknown {
  const found: Record<string, unknown>[] = [];
  const { expression } = pattern;
  expression.lastIndex = 0;
  let counted = 0;
  let position = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    position += codePointLength(text.slice(counted, match.index));
    counted = match.index;
    found.push(matchOf(match, position, pattern));
    if (match[0] === '') {
      const step = text.codePointAt(expression.lastIndex) ?? 0;
      expression.lastIndex += step > 0xffff ? 2 : 1;
      if (expression.lastIndex > text.length) break;
    }
  }
  return found;
}

function regexOperator(
  whenNull: unknown,
  compute: (text: string, pattern: CompiledPattern) => unknown,
): ExpressionOperator {
  return (operand, scope, name) => {
    const given = namedOperands(operand, name, ['input', 'regex', 'options'], {
      notAnObject: 51103,
      unknown: 31024,
      missing: [
        ['input', 31022],
        ['regex', 31023],
      ],
    });
    const { input, regex, options } = compileNamed(given, scope);
    const nodes = [input, regex, options].filter((node) => node !== undefined);
    const isConstant = isSet(regex?.constant) && (options === undefined || isSet(options.constant));
    const fixed = isConstant ? patternOf(regex, options, undefined, name) : undefined;
    return foldedNode(nodes, (root) => {
      const text = input?.evaluate(root);
      const pattern = isConstant ? fixed : patternOf(regex, options, root, name);
      if (!isNullish(text) && typeof text !== 'string') {
        throw locationError(51104, `${name} needs 'input' to be of type string, found: ${typeNameOf(text)}`);
      }
      if (isNullish(text) || pattern === undefined) return whenNull;
      return compute(text, pattern);
    });
  };
}

function isSet(value: unknown): boolean {
  return value !== undefined;
}

/** undefined when the pattern is null or missing. */
function patternOf(
  regex: Node | undefined,
  options: Node | undefined,
  root: unknown,
  name: string,
): CompiledPattern | undefined {
  const pattern = regex?.evaluate(root);
  const given = options?.evaluate(root);
  if (!isNullish(given) && typeof given !== 'string') {
    throw locationError(51106, `${name} needs 'options' to be of type string, found: ${typeNameOf(given)}`);
  }
  const [source, own] = sourceOf(pattern, name);
  if (own !== '' && typeof given === 'string' && given !== '') {
    throw locationError(
      51107,
      `${name}: found regex option(s) specified in both 'regex' and 'option' fields`,
    );
  }
  const flags = own === '' ? (given ?? '') : own;
  if (flags.includes('\0'))
    throw locationError(51110, `${name}: regular expression options cannot contain an embedded null byte`);
  const wrong = [...flags].find((flag) => !'imsxu'.includes(flag));
  if (wrong !== undefined) throw locationError(51108, `${name} invalid flag in regex options: ${wrong}`);
  if (source === undefined) return undefined;
  if (source.includes('\0'))
    throw locationError(51109, `${name}: regular expression cannot contain an embedded null byte`);
  try {
    return compilePcre(source, optionsOf(flags), 'g');
  } catch (thrown) {
    if (thrown instanceof PcreError)
      throw locationError(51111, `Invalid Regex in ${name}: ${thrown.message}`);
    throw thrown;
  }
}

/** Pattern and options of the regular expression. */
function sourceOf(pattern: unknown, name: string): [string | undefined, string] {
  if (isNullish(pattern)) return [undefined, ''];
  if (typeof pattern === 'string') return [pattern, ''];
  if (pattern instanceof BSONRegExp) return [pattern.pattern, pattern.options];
  if (pattern instanceof RegExp) return [pattern.source, pattern.flags.replace('g', '')];
  throw locationError(
    51105,
    `${name} needs 'regex' to be of type string or regex, found: ${typeNameOf(pattern)}`,
  );
}
