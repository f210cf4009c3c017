/**
 * The functions and calls of all files of a script, as far as names tell who calls whom. What is not known is taken for anything.
 */
import type { AnyNode, CallExpression, TaggedTemplateExpression } from 'acorn';
import type { ScopeAnalysis } from '../scopes.ts';
import type { FunctionNode, ParsedSource } from '../syntax.ts';

export interface SourceFile {
  readonly url: string;
  readonly parsed: ParsedSource;
  readonly scopes: ScopeAnalysis;
  /** Where the import leads: a URL of the script, or the name of a module of k6. */
  target(specifier: string): string;
}

/** Why a VU cannot be switched at a place, so that a call which blocks must not stand there. */
export type Obstacle =
  | 'a class initializer'
  | 'a constructor'
  | 'a default of a parameter'
  | 'a function with super or new.target'
  | 'a function with a var named like a parameter'
  | 'a generator'
  | 'a getter or setter'
  | 'an optional chain';

export interface FunctionModel {
  /** Undefined for the top-level code of a file. */
  readonly node: FunctionNode | undefined;
  readonly file: SourceFile;
  /** Undefined where the function can be rewritten. */
  readonly obstacle: Obstacle | undefined;
  readonly isAsync: boolean;
  readonly calls: CallModel[];
  /** Names of properties under which it may be called. */
  readonly propertyNames: Set<string>;
  /** A call in it may give a suspended value. */
  suspends: boolean;
  /** A call in it blocks as far as can be told. */
  blocks: boolean;
}

export type Callee =
  /** A function of k6 that blocks. */
  | { readonly kind: 'api' }
  | { readonly kind: 'function'; readonly target: FunctionModel }
  /** Nothing of the script, and nothing that blocks. */
  | { readonly kind: 'harmless' }
  | { readonly kind: 'method'; readonly name: string }
  | { readonly kind: 'unknown' };

export interface CallModel {
  readonly node: CallExpression | TaggedTemplateExpression;
  readonly callee: Callee;
  /** Functions among its arguments. */
  readonly handed: readonly FunctionModel[];
  /** Other arguments may be functions as well. */
  readonly handsUnknown: boolean;
  /** The callee calls what it is handed and waits for it: a method such as `forEach`, or `group` and `check`. */
  readonly callsHanded: 'array' | 'k6' | undefined;
  /** The call, or the whole chain that ends with it. */
  readonly whole: AnyNode;
  readonly obstacle: Obstacle | undefined;
}

export interface ProgramModel {
  readonly functions: readonly FunctionModel[];
  /** Names of properties that something unknown was put under. */
  readonly unknownNames: ReadonlySet<string>;
  /** Something was put under a name that is computed, so a property of any name may be anything. */
  readonly anyName: boolean;
}
