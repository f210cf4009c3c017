/** `JSON.parse` with an error that says where the text is wrong, as k6 has it. */
import { GoError } from './kernel.ts';

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { character, line } = placeOf(text, reason);
    throw new GoError(
      `cannot parse json due to an error at line ${line}, character ${character} , error: ${reason}`,
    );
  }
}

/** The engine tells a position for some mistakes only; for others the text ended too early. */
function placeOf(text: string, reason: string): { line: number; character: number } {
  const position = Number(/position (\d+)/.exec(reason)?.[1] ?? (text === '' ? 0 : text.length - 1));
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  return { character: position - before.lastIndexOf('\n'), line };
}
