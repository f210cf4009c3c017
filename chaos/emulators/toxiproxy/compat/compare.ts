/** Compares an answer with the recorded one; what may differ between builds of the original is left out. */
import { isDeepStrictEqual } from 'node:util';
import type { RecordedAnswer } from './exchange.ts';

export interface ActualAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const contentTypes: Readonly<Record<RecordedAnswer['type'], string | undefined>> = {
  none: undefined,
  json: 'application/json',
  error: 'text/plain; charset=utf-8',
  version: 'application/json;charset=utf-8',
};

/** Quotes Go's JSON decoder, whose words change with its version. */
const DECODER_ERROR = 'bad request body: ';

/** Every difference in words; none when the answer is as recorded. */
export function differences(
  expected: RecordedAnswer,
  expectedHeaders: Readonly<Record<string, string | null>>,
  actual: ActualAnswer,
  options: { readonly exactDecoderErrors: boolean },
): string[] {
  const found: string[] = [];
  const check = (what: string, want: unknown, got: unknown, same: boolean): void => {
    if (!same) found.push(`${what}: expected ${JSON.stringify(want)}, got ${JSON.stringify(got)}`);
  };
  check('status', expected.status, actual.status, expected.status === actual.status);
  const type = contentTypes[expected.type];
  check('content type', type, actual.headers['content-type'], type === actual.headers['content-type']);
  for (const [name, want] of Object.entries(expectedHeaders)) {
    const got = actual.headers[name];
    check(
      name,
      want,
      got,
      want === '{id}' ? /^[0-9a-v]{20}$/.test(String(got)) : (want ?? undefined) === got,
    );
  }
  if (expected.answer === null) return found;
  const isText = typeof expected.answer === 'string' && expected.answer !== '{any}';
  const got = isText ? actual.text : parse(actual.text);
  check('answer', expected.answer, got, matches(expected.answer, got, options.exactDecoderErrors));
  return found;
}

function matches(want: unknown, got: unknown, exact: boolean): boolean {
  if (want === '{any}' || want === '{listen}') return true;
  if (Array.isArray(want)) {
    return (
      Array.isArray(got) &&
      want.length === got.length &&
      want.every((item: unknown, index) => matches(item, got[index], exact))
    );
  }
  if (typeof want === 'object' && want !== null) {
    if (typeof got !== 'object' || got === null) return false;
    const gotByName = new Map<string, unknown>(Object.entries(got));
    // Some builds of the original show a field of their own by mistake.
    gotByName.delete('Logger');
    const names = Object.keys(want);
    return (
      names.length === gotByName.size &&
      Object.entries(want).every(
        ([name, value]) => gotByName.has(name) && matches(value, gotByName.get(name), exact),
      )
    );
  }
  if (!exact && typeof want === 'string' && want.startsWith(DECODER_ERROR)) {
    return typeof got === 'string' && got.startsWith(DECODER_ERROR);
  }
  return isDeepStrictEqual(want, got);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
