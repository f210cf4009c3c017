/** Reads the calls of all files, and under which names of properties functions are put. */
import type { AnyNode, CallExpression, MemberExpression, TaggedTemplateExpression } from 'acorn';
import { blockingNames } from '../blocking-calls.ts';
import { childrenOf, isFunction } from '../syntax.ts';
import { FileModel } from './file-model.ts';
import { isHarmlessValue } from './harmless-values.ts';
import type {
  Callee,
  CallModel,
  FunctionModel,
  Obstacle,
  ProgramModel,
  SourceFile,
} from './program-model.ts';

/** Methods of lists that call what they are handed; each has a version that waits for it. */
export const arrayMethods: ReadonlySet<string> = new Set([
  'every',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flatMap',
  'forEach',
  'map',
  'reduce',
  'reduceRight',
  'some',
]);

/** By these a property may get any name. */
const namingMethods: ReadonlySet<string> = new Set([
  'defineProperties',
  'defineProperty',
  'fromEntries',
  '__defineGetter__',
]);
const namingGlobals: ReadonlySet<string> = new Set(['Proxy', 'Reflect', 'eval', 'Function']);

export function buildModel(files: readonly SourceFile[]): ProgramModel {
  const models = new Map(files.map((file) => [file.url, new FileModel(file)]));
  const builder = new ModelBuilder(models);
  for (const model of models.values()) builder.read(model);
  return {
    anyName: builder.anyName,
    functions: [...models.values()].flatMap((model) => [model.topLevel, ...model.functions.values()]),
    unknownNames: builder.unknownNames,
  };
}

/** Where the traversal is: in which function, and behind which obstacle. */
interface Place {
  readonly model: FileModel;
  readonly within: FunctionModel;
  readonly obstacle: Obstacle | undefined;
}

class ModelBuilder {
  readonly unknownNames = new Set<string>();
  anyName = false;
  readonly #models: ReadonlyMap<string, FileModel>;
  /** Globals that the script sets itself. */
  readonly #ownGlobals = new Set<string>();

  constructor(models: ReadonlyMap<string, FileModel>) {
    this.#models = models;
    for (const model of models.values()) {
      for (const { node, parents } of model.file.scopes.globals) {
        const { node: parent } = parents;
        if (parent.type === 'AssignmentExpression' && parent.left === node) this.#ownGlobals.add(node.name);
        if (namingGlobals.has(node.name)) this.anyName = true;
      }
    }
  }

  read(model: FileModel): void {
    this.#visit(model.file.parsed.program, { model, obstacle: undefined, within: model.topLevel });
  }

  #visit(node: AnyNode, place: Place): void {
    if (isFunction(node)) return this.#visitFunction(node, place);
    switch (node.type) {
      case 'AssignmentExpression':
        if (node.left.type === 'MemberExpression') this.#put(node.left, node.right, place);
        break;
      case 'CallExpression':
        this.#addCall(node, node, place, undefined);
        break;
      case 'ChainExpression':
        return this.#visitChain(node.expression, node, place);
      case 'MemberExpression':
        if (node.property.type === 'Identifier' && namingMethods.has(node.property.name)) this.anyName = true;
        break;
      case 'MethodDefinition':
        this.#name(node.key, node.computed, node.value, place);
        break;
      case 'Property':
        if (node.kind === 'init') this.#name(node.key, node.computed, node.value, place);
        break;
      case 'PropertyDefinition':
        if (node.value !== null && node.value !== undefined) {
          this.#name(node.key, node.computed, node.value, place);
          this.#visit(node.value, { ...place, obstacle: 'a class initializer' });
        }
        return undefined;
      case 'StaticBlock':
        for (const child of node.body) this.#visit(child, { ...place, obstacle: 'a class initializer' });
        return undefined;
      case 'TaggedTemplateExpression':
        this.#addCall(node, node, place, undefined);
        break;
      default:
    }
    for (const child of childrenOf(node)) this.#visit(child, place);
    return undefined;
  }

  #visitFunction(node: Parameters<FileModel['functions']['get']>[0], place: Place): void {
    const within = place.model.functions.get(node);
    if (within === undefined) return;
    for (const param of node.params)
      this.#visit(param, { ...place, obstacle: 'a default of a parameter', within });
    this.#visit(node.body, { ...place, obstacle: within.obstacle, within });
  }

  /** Of a chain only its last call can be waited for: to wait in its middle would take it apart. */
  #visitChain(link: AnyNode, chain: AnyNode, place: Place): void {
    let at: AnyNode = link;
    let isLast = true;
    while (at.type === 'CallExpression' || at.type === 'MemberExpression') {
      const below: AnyNode = at.type === 'CallExpression' ? at.callee : at.object;
      if (at.type === 'CallExpression') {
        const isWhole = isLast;
        const inMiddle = !isWhole && hasOptional(at);
        this.#addCall(at, isWhole ? chain : at, place, inMiddle ? 'an optional chain' : undefined);
        for (const argument of at.arguments) this.#visit(argument, place);
      } else if (at.computed) this.#visit(at.property, place);
      isLast = false;
      at = below;
    }
    this.#visit(at, place);
  }

  #addCall(
    node: CallExpression | TaggedTemplateExpression,
    whole: AnyNode,
    place: Place,
    obstacle: Obstacle | undefined,
  ): void {
    const args: readonly AnyNode[] = node.type === 'CallExpression' ? node.arguments : node.quasi.expressions;
    const values = args.flatMap((argument) =>
      argument.type === 'ObjectExpression' ? valuesIn(argument) : [argument],
    );
    const handed = values.map((value) => place.model.functionOf(value)).filter((one) => one !== undefined);
    const callee = this.#calleeOf(node.type === 'CallExpression' ? node.callee : node.tag, place.model);
    const call: CallModel = {
      callee,
      callsHanded: this.#callsHanded(node, place.model),
      handed,
      handsUnknown: values.some(
        (value) => place.model.functionOf(value) === undefined && !this.#isHarmless(value, place.model),
      ),
      node,
      obstacle: obstacle ?? place.obstacle,
      whole,
    };
    place.within.calls.push(call);
  }

  #callsHanded(node: CallExpression | TaggedTemplateExpression, model: FileModel): CallModel['callsHanded'] {
    if (node.type !== 'CallExpression') return undefined;
    const { callee } = node;
    if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
      if (arrayMethods.has(callee.property.name)) return 'array';
    }
    const name = this.#nameInK6(callee, model);
    return name === 'k6 check' || name === 'k6 group' ? 'k6' : undefined;
  }

  /** Such as `k6/http get`, for a function of a module of k6; undefined for anything else. */
  #nameInK6(callee: AnyNode, model: FileModel): string | undefined {
    const from = this.#importOf(callee, model);
    if (from !== undefined) return this.#models.has(from.module) ? undefined : `${from.module} ${from.name}`;
    if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
      return undefined;
    const object = this.#importOf(callee.object, model);
    if (object === undefined || this.#models.has(object.module)) return undefined;
    return object.name === 'default' || object.name === '*'
      ? `${object.module} ${callee.property.name}`
      : undefined;
  }

  #importOf(node: AnyNode, model: FileModel): { module: string; name: string } | undefined {
    const reference = node.type === 'Identifier' ? model.referenceOf(node) : undefined;
    return reference === undefined ? undefined : model.importOf(reference);
  }

  #calleeOf(callee: AnyNode, model: FileModel): Callee {
    const inK6 = this.#nameInK6(callee, model);
    if (inK6 !== undefined) {
      const [module = '', name = ''] = inK6.split(' ');
      if (name === 'default' || name === '*') return { kind: 'unknown' };
      return { kind: blockingNames[module]?.has(name) === true ? 'api' : 'harmless' };
    }
    switch (callee.type) {
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'Identifier':
        return this.#namedCallee(callee, model);
      case 'MemberExpression':
        return this.#memberCallee(callee, model);
      default:
        return { kind: 'unknown' };
    }
  }

  #namedCallee(callee: AnyNode, model: FileModel): Callee {
    const target = model.functionOf(callee);
    if (target !== undefined) return { kind: 'function', target };
    const from = this.#importOf(callee, model);
    if (from !== undefined) {
      const imported = this.#resolveExport(from.module, from.name, 0);
      return imported === undefined ? { kind: 'unknown' } : { kind: 'function', target: imported };
    }
    const reference = model.referenceOf(callee);
    const isGlobal = reference !== undefined && reference.binding === undefined;
    return { kind: isGlobal && !this.#ownGlobals.has(reference.node.name) ? 'harmless' : 'unknown' };
  }

  #memberCallee(callee: MemberExpression, model: FileModel): Callee {
    const name = memberName(callee);
    if (name === undefined) return { kind: 'unknown' };
    const reference = callee.object.type === 'Identifier' ? model.referenceOf(callee.object) : undefined;
    if (reference !== undefined) {
      if (
        reference.binding === undefined &&
        !this.#ownGlobals.has(reference.node.name) &&
        !globalObjects.has(reference.node.name)
      ) {
        return { kind: 'harmless' };
      }
      const from = model.importOf(reference);
      if (from?.name === '*') {
        const target = this.#resolveExport(from.module, name, 0);
        return target === undefined ? { kind: 'unknown' } : { kind: 'function', target };
      }
    }
    return { kind: 'method', name };
  }

  #resolveExport(module: string, name: string, depth: number): FunctionModel | undefined {
    const model = this.#models.get(module);
    if (model === undefined || depth > 20) return undefined;
    const exported = model.exports.get(name);
    if (exported === undefined) {
      const found = model.starExports.map((from) => this.#resolveExport(from, name, depth + 1));
      return found.find((one) => one !== undefined);
    }
    if ('module' in exported) return this.#resolveExport(exported.module, exported.name, depth + 1);
    const imported = model.importNamed(exported.local);
    if (imported !== undefined) return this.#resolveExport(imported.module, imported.name, depth + 1);
    return model.functionNamed(exported.local);
  }

  #put(target: MemberExpression, value: AnyNode, place: Place): void {
    if (!target.computed) this.#name(target.property, false, value, place);
    else if (target.property.type === 'Literal') this.#name(target.property, false, value, place);
    else if (!this.#isHarmless(value, place.model)) this.anyName = true;
  }

  #name(key: AnyNode, computed: boolean, value: AnyNode, { model }: Place): void {
    const target = model.functionOf(value);
    if (target === undefined && this.#isHarmless(value, model)) return;
    const name = computed && key.type !== 'Literal' ? undefined : keyName(key);
    if (name === undefined) this.anyName = true;
    else if (target === undefined) this.unknownNames.add(name);
    else target.propertyNames.add(name);
  }

  #isHarmless(value: AnyNode, model: FileModel): boolean {
    if (this.#importOf(value, model) !== undefined) return false;
    return isHarmlessValue(value, model);
  }
}

const globalObjects: ReadonlySet<string> = new Set(['global', 'globalThis', 'module', 'exports', 'this']);

function hasOptional(node: AnyNode): boolean {
  for (let at: AnyNode = node; at.type === 'CallExpression' || at.type === 'MemberExpression';) {
    if (at.optional) return true;
    at = at.type === 'CallExpression' ? at.callee : at.object;
  }
  return false;
}

function valuesIn(object: Extract<AnyNode, { type: 'ObjectExpression' }>): AnyNode[] {
  return object.properties.map((property) => (property.type === 'Property' ? property.value : property));
}

function memberName({ computed, property }: MemberExpression): string | undefined {
  if (!computed) return keyName(property);
  return property.type === 'Literal' ? String(property.value) : undefined;
}

function keyName(key: AnyNode): string | undefined {
  switch (key.type) {
    case 'Identifier':
      return key.name;
    case 'Literal':
      return String(key.value);
    case 'PrivateIdentifier':
      return `#${key.name}`;
    default:
      return undefined;
  }
}
