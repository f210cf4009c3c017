/** Which functions may give a suspended value, and whether a call that blocks stands where a VU cannot be switched. */
import { blockingNames } from '../blocking-calls.ts';
import type { CallModel, FunctionModel, ProgramModel } from './program-model.ts';

/** A property of these names may be a function of k6 that blocks, or call one. */
const alwaysSuspicious: ReadonlySet<string> = new Set([
  ...Object.values(blockingNames).flatMap((names) => [...names]),
  'apply',
  'asyncInvoke',
  'call',
  'clickLink',
  'close',
  'connect',
  'healthCheck',
  'invoke',
  'submitForm',
]);

export class Suspension {
  readonly #program: ProgramModel;
  readonly #suspicious: Set<string>;
  readonly #blockingNames = new Set<string>();

  constructor(program: ProgramModel) {
    this.#program = program;
    this.#suspicious = new Set([...alwaysSuspicious, ...program.unknownNames]);
    this.#settle();
  }

  /** A call that may give a suspended value. */
  suspends({ callee, callsHanded, handed, handsUnknown }: CallModel): boolean {
    if (callsHanded !== undefined && (handsUnknown || handed.some((one) => one.suspends))) return true;
    switch (callee.kind) {
      case 'api':
      case 'unknown':
        return true;
      case 'function':
        return callee.target.suspends && !callee.target.isAsync;
      case 'harmless':
        return false;
      case 'method':
        return this.#program.anyName || this.#suspicious.has(callee.name);
    }
  }

  /** In words, the first call that blocks where it cannot be waited for; undefined when there is none. */
  get obstacle(): string | undefined {
    for (const { calls, file, node } of this.#program.functions) {
      const call = calls.find((one) => one.obstacle !== undefined && this.#blocks(one));
      if (call !== undefined && node !== undefined) {
        return `a call that blocks in ${call.obstacle} (${file.url}:${call.node.loc?.start.line ?? 0})`;
      }
    }
    return undefined;
  }

  #blocks({ callee, callsHanded, handed }: CallModel): boolean {
    if (callsHanded !== undefined && handed.some((one) => one.blocks)) return true;
    switch (callee.kind) {
      case 'api':
        return true;
      case 'function':
        return callee.target.blocks;
      case 'method':
        return this.#blockingNames.has(callee.name);
      default:
        return false;
    }
  }

  #settle(): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const model of this.#program.functions) changed = this.#update(model) || changed;
    }
  }

  #update(model: FunctionModel): boolean {
    let changed = false;
    if (!model.suspends && model.calls.some((call) => this.suspends(call))) {
      model.suspends = true;
      for (const name of model.propertyNames) this.#suspicious.add(name);
      changed = true;
    }
    if (!model.blocks && model.calls.some((call) => this.#blocks(call))) {
      model.blocks = true;
      for (const name of model.propertyNames) this.#blockingNames.add(name);
      changed = true;
    }
    return changed;
  }
}
