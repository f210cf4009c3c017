/**
 * What the runtime keeps of a file: JavaScript that makes one instance of the module, and what it imports and exports.
 *
 * The code is a function expression that every VU calls for an instance of its own, so that V8 compiles a file once for all
 * VUs. It gets `$k6`, through which it says what it exports and reaches what it imports.
 */
export interface ModuleImport {
  readonly specifier: string;
  /** Of those `import`ed by name; a missing one is an error when the modules are put together. */
  readonly names: readonly string[];
}

/** `export { imported as exported } from`, also where an imported name is exported by a statement of its own. */
export interface ReExport {
  readonly exported: string;
  readonly imported: string;
  /** Index into the imports. */
  readonly from: number;
}

interface CodeOfAnyKind {
  readonly code: string;
  /** Of a file whose lines had to move: the map back, as JSON. */
  readonly sourceMap: string | undefined;
  readonly isTypeScript: boolean;
  /** It may make calls that block. */
  readonly mayBlock: boolean;
  /** Why its VUs cannot share a realm; undefined when they can. */
  readonly ownRealm: string | undefined;
  /** What the log says when the script is loaded. */
  readonly notes: readonly string[];
}

export interface EsModuleCode extends CodeOfAnyKind {
  readonly kind: 'module';
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly string[];
  readonly reExports: readonly ReExport[];
  /** Indexes of the imports whose names are all exported again. */
  readonly starExports: readonly number[];
  readonly isAsync: boolean;
}

export interface CommonJsCode extends CodeOfAnyKind {
  readonly kind: 'common-js';
  /** What is required by a literal name. */
  readonly requires: readonly string[];
}

export type ModuleCode = CommonJsCode | EsModuleCode;
