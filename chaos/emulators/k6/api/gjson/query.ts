/** Whether a value matches what a query of a GJSON path asks for. */
import type { JsonNode } from './node.ts';
import type { Query } from './path.ts';
import { matchesPattern } from './pattern.ts';

export function matchesQuery({ operator, value: wanted }: Query, found: JsonNode | undefined): boolean {
  if (wanted.startsWith('~')) return matchesKind(operator, wanted.slice(1), found);
  if (found === undefined) return false;
  if (operator === '') return true;
  if (found.kind !== 'scalar') return false;
  const { value } = found;
  switch (typeof value) {
    case 'string':
      return matchesText(operator, value, wanted);
    case 'number':
      return compares(operator, value, Number.parseFloat(wanted) || 0);
    case 'boolean':
      return matchesBoolean(operator, value, wanted);
    default:
      return false;
  }
}

/** `~true`, `~false`, `~null` and `~*` ask what a value is taken for. */
function matchesKind(operator: string, kind: string, found: JsonNode | undefined): boolean {
  const held = isOfKind(kind, found);
  if (held === undefined) return false;
  return operator === '' || matchesBoolean(operator, held, 'true');
}

function isOfKind(kind: string, found: JsonNode | undefined): boolean | undefined {
  const value = found?.kind === 'scalar' ? found.value : undefined;
  const isAbsent = found === undefined || value === null;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  switch (kind) {
    case '*':
      return found !== undefined;
    case 'false':
      return isAbsent || value === false || value === 0 || ['0', 'f', 'false'].includes(word);
    case 'null':
      return isAbsent;
    case 'true':
      return (
        value === true || (typeof value === 'number' && value !== 0) || ['1', 't', 'true'].includes(word)
      );
    default:
      return undefined;
  }
}

function matchesText(operator: string, value: string, wanted: string): boolean {
  if (operator === '%') return matchesPattern(value, wanted);
  if (operator === '!%') return !matchesPattern(value, wanted);
  return compares(operator, value, wanted);
}

function compares<Value extends number | string>(operator: string, value: Value, wanted: Value): boolean {
  switch (operator) {
    case '!=':
      return value !== wanted;
    case '<':
      return value < wanted;
    case '<=':
      return value <= wanted;
    case '=':
      return value === wanted;
    case '>':
      return value > wanted;
    case '>=':
      return value >= wanted;
    default:
      return false;
  }
}

function matchesBoolean(operator: string, value: boolean, wanted: string): boolean {
  switch (operator) {
    case '!=':
      return wanted !== String(value);
    case '<':
      return !value && wanted === 'true';
    case '<=':
      return !value;
    case '=':
      return wanted === String(value);
    case '>':
      return value && wanted === 'false';
    case '>=':
      return value;
    default:
      return false;
  }
}
