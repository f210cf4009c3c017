/** A call: one command of a process to a store, named so that another run of the same operation makes the same call. */
import type { TracedCommand } from '../../reports/trace/trace.ts';
import type { StoreName } from '../api/fault.ts';

/** What a call is called wherever it is made: the same in every operation. */
export interface CallShape {
  readonly role: string;
  readonly store: StoreName;
  readonly command: string;
  /** Redis: pattern of the first argument; MongoDB: the collection. Empty where a command has none. */
  readonly target: string;
}

/** Commands by which drivers keep their connections, and that a target sends to ask for health. */
const upkeep: ReadonlySet<string> = new Set(
  `AUTH CLIENT CLUSTER COMMAND CONFIG HELLO INFO PING QUIT READONLY REDCLIFF.REFUSED SELECT SENTINEL PSUBSCRIBE SUBSCRIBE UNSUBSCRIBE
  buildInfo endSessions getParameter hello isMaster ismaster killCursors ping saslContinue saslStart`.split(
    /\s+/,
  ),
);

export function isUpkeep(command: string): boolean {
  return upkeep.has(command);
}

/** Identifiers of these commands are no keys: the digest of a script is the same in every run. */
const withScripts: ReadonlySet<string> = new Set(['EVALSHA', 'EVALSHA_RO', 'FCALL', 'FCALL_RO', 'SCRIPT']);
const shownOfScript = 60;

/** The shape of a traced command of that role. */
export function shapeOf(command: TracedCommand, role: string): CallShape {
  return { role, store: command.protocol, command: command.command, target: targetOf(command) };
}

function targetOf({ protocol, command, target }: TracedCommand): string {
  // Its first value is a cursor.
  if (command === 'getMore') return '*';
  if (protocol === 'mongo' || withScripts.has(command)) return target;
  if (command === 'EVAL' || command === 'EVAL_RO') return scriptPattern(target);
  return keyPattern(target);
}

/** The beginning of a script, with what the matching of patterns would read as its own signs left open. */
function scriptPattern(script: string): string {
  const beginning = script.slice(0, shownOfScript).replaceAll(/[*\s…]+/g, '*');
  return script.length > beginning.length ? `${beginning.replace(/\*+$/, '')}*` : beginning;
}

/**
 * A key with `*` for each part that names one of many: parts that hold a digit, and long ones of hexadecimal digits. Keys are told from each
 * other by the parts that stay.
 */
export function keyPattern(key: string): string {
  return key
    .split(/([:/|.{}#@]+)/)
    .map((part) => (/\d/.test(part) || /^[\da-f-]{16,}$/i.test(part) ? '*' : part))
    .join('')
    .replaceAll(/\*(?:[^*:/|{}]?\*)+/g, '*');
}

export function shapeText({ role, command, target }: CallShape): string {
  return `${role} ${command}${target === '' ? '' : ` ${target}`}`;
}

/** Names the shape among others. */
export function shapeKey({ role, store, command, target }: CallShape): string {
  return [role, store, command, target].join(' ');
}
