/** A selection of nodes, with the methods that `k6/html` has of jQuery. */
import { HtmlElement } from './html-element.ts';
import type { ElementMaker } from './html-element.ts';
import { unique } from './html-nodes.ts';
import type { HtmlNodes } from './html-nodes.ts';
import type { DomNode } from './html-tools.ts';
import { GoError } from './kernel.ts';
import { queryString } from './query-string.ts';

type Test = (node: DomNode, index: number) => boolean;

export interface FormValue {
  readonly name: string;
  readonly value: string | string[] | undefined;
}

const submittable = 'input,select,textarea,keygen';
const notSent: ReadonlySet<string> = new Set(['button', 'file', 'image', 'reset', 'submit']);

export class Selection {
  readonly #maker: ElementMaker;
  readonly #list: readonly DomNode[];
  readonly #before: Selection | undefined;
  readonly url: string;

  constructor(maker: ElementMaker, list: readonly DomNode[], url: string, before?: Selection) {
    this.#maker = maker;
    this.#list = list;
    this.#before = before;
    this.url = url;
  }

  get #nodes(): HtmlNodes {
    return this.#maker.nodes;
  }

  add(more: unknown): Selection {
    return this.#with(unique([...this.#list, ...this.#selected(more, [this.#root()])]));
  }

  attr(name: unknown, fallback?: unknown): unknown {
    const [first] = this.#list;
    return (first === undefined ? undefined : this.#nodes.attribute(first, String(name))) ?? fallback;
  }

  children(selector?: unknown): Selection {
    return this.#each((node) => this.#nodes.elements(node), selector);
  }

  closest(target: unknown): Selection {
    const isTarget = this.#test(target);
    return this.#each((node) => {
      const found = [node, ...this.#nodes.ancestors(node)].find((one) => isTarget(one, 0));
      return found === undefined ? [] : [found];
    });
  }

  contents(): Selection {
    return this.#each((node) => [...this.#nodes.tools.children(node)]);
  }

  /** Values that look like numbers, booleans or JSON are given as such. */
  data(key?: unknown): unknown {
    const [first] = this.#list;
    if (first === undefined) return undefined;
    if (key !== undefined) {
      const name = `data-${String(key).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      const found = this.#nodes.attribute(first, name);
      return found === undefined ? undefined : dataValue(found);
    }
    const entries = this.#nodes.tools.attributes(first).filter(([name]) => name.startsWith('data-'));
    return Object.fromEntries(
      entries.map(([name, value]) => [propertyName(name.slice(5)), dataValue(value)] as const),
    );
  }

  each(handler: unknown): Selection {
    if (typeof handler !== 'function') throw new GoError('the argument to each() must be a function');
    for (const [index, node] of this.#list.entries()) handler(index, this.#maker.element(node, this.url));
    return this;
  }

  end(): Selection {
    return this.#before ?? this.#with([]);
  }

  eq(index: unknown): Selection {
    const at = this.#list.at(Number(index));
    return this.#with(at === undefined ? [] : [at]);
  }

  filter(wanted: unknown): Selection {
    return this.#with(this.#list.filter(this.#test(wanted, 'filter')));
  }

  find(wanted: unknown): Selection {
    return this.#with(this.#selected(wanted, this.#list));
  }

  first(): Selection {
    return this.eq(0);
  }

  get(index?: unknown): unknown {
    if (index === undefined) return this.#list.map((node) => this.#maker.element(node, this.url));
    const node = this.#list.at(Number(index));
    return node === undefined ? undefined : this.#maker.element(node, this.url);
  }

  has(wanted: unknown): Selection {
    return this.#with(this.#list.filter((node) => this.#selected(wanted, [node]).length > 0));
  }

  html(): string | undefined {
    const [first] = this.#list;
    return first === undefined ? undefined : this.#nodes.tools.innerHtml(first);
  }

  index(wanted?: unknown): number {
    const [first] = this.#list;
    if (first === undefined) return -1;
    if (wanted === undefined) return this.#nodes.before(first).length;
    if (typeof wanted === 'string') return this.#nodes.select([this.#root()], wanted).indexOf(first);
    const [target] = this.#nodesOf(wanted);
    return target === undefined ? -1 : this.#list.indexOf(target);
  }

  is(wanted: unknown): boolean {
    return this.#list.some(this.#test(wanted, 'is'));
  }

  last(): Selection {
    return this.eq(-1);
  }

  map(mapper: unknown): unknown[] {
    if (typeof mapper !== 'function') throw new GoError('the argument to map() must be a function');
    return this.#list.map((node, index): unknown => mapper(index, this.#with([node])));
  }

  next(selector?: unknown): Selection {
    return this.#each((node) => this.#nodes.after(node).slice(0, 1), selector);
  }

  nextAll(selector?: unknown): Selection {
    return this.#each((node) => this.#nodes.after(node), selector);
  }

  nextUntil(until?: unknown, selector?: unknown): Selection {
    return this.#until((node) => this.#nodes.after(node), until, selector);
  }

  not(wanted: unknown): Selection {
    const test = this.#test(wanted, 'not');
    return this.#with(this.#list.filter((node, index) => !test(node, index)));
  }

  parent(selector?: unknown): Selection {
    return this.#each((node) => this.#nodes.ancestors(node).slice(0, 1), selector);
  }

  parents(selector?: unknown): Selection {
    return this.#each((node) => this.#nodes.ancestors(node), selector);
  }

  parentsUntil(until?: unknown, selector?: unknown): Selection {
    return this.#until((node) => this.#nodes.ancestors(node), until, selector);
  }

  prev(selector?: unknown): Selection {
    return this.#each((node) => this.#nodes.before(node).slice(0, 1), selector);
  }

  prevAll(selector?: unknown): Selection {
    return this.#each((node) => this.#nodes.before(node), selector);
  }

  prevUntil(until?: unknown, selector?: unknown): Selection {
    return this.#until((node) => this.#nodes.before(node), until, selector);
  }

  serialize(): string {
    return queryString(this.serializeArray().map(({ name, value }) => [name, value ?? ''] as const));
  }

  serializeArray(): FormValue[] {
    const isForm = this.#list.some((node) => this.#nodes.tools.name(node) === 'form');
    const fields = isForm
      ? this.#nodes.select(this.#list, submittable)
      : this.#list.filter((node) => this.#nodes.matches(node, submittable));
    return fields
      .filter((field) => this.#isSent(field))
      .map((field) => ({
        name: this.#nodes.attribute(field, 'name') ?? '',
        value: this.#nodes.valueOf(field),
      }));
  }

  serializeObject(): Record<string, unknown> {
    return Object.fromEntries(this.serializeArray().map(({ name, value }) => [name, value] as const));
  }

  siblings(selector?: unknown): Selection {
    return this.#each(
      (node) => [...this.#nodes.before(node).toReversed(), ...this.#nodes.after(node)],
      selector,
    );
  }

  single(selector: unknown): Selection {
    return this.#with(this.#selected(selector, this.#list).slice(0, 1));
  }

  size(): number {
    return this.#list.length;
  }

  slice(start: unknown, end?: unknown): Selection {
    return this.#with(this.#list.slice(Number(start), end === undefined ? undefined : Number(end)));
  }

  text(): string {
    return this.#list.map((node) => this.#nodes.tools.text(node)).join('');
  }

  toArray(): Selection[] {
    return this.#list.map((node) => this.#with([node]));
  }

  val(): unknown {
    const [first] = this.#list;
    return first === undefined ? undefined : this.#nodes.valueOf(first);
  }

  #with(list: readonly DomNode[]): Selection {
    return new Selection(this.#maker, list, this.url, this);
  }

  #each(reach: (node: DomNode) => readonly DomNode[], selector?: unknown): Selection {
    const reached = unique(this.#list.flatMap(reach));
    const wanted =
      selector === undefined
        ? reached
        : reached.filter((node) => this.#nodes.matches(node, String(selector)));
    return this.#with(wanted);
  }

  #until(reach: (node: DomNode) => readonly DomNode[], until: unknown, selector: unknown): Selection {
    const isEnd: Test =
      until === undefined || until === null || until === '' ? () => false : this.#test(until);
    return this.#each((node) => {
      const reached = reach(node);
      const end = reached.findIndex((one) => isEnd(one, 0));
      return end < 0 ? reached : reached.slice(0, end);
    }, selector);
  }

  #root(): DomNode {
    return this.#maker.document;
  }

  #nodesOf(wanted: unknown): readonly DomNode[] {
    if (wanted instanceof Selection) return wanted.#list;
    if (wanted instanceof HtmlElement) return [wanted.node];
    throw new GoError(`invalid argument, cannot use a '${typeof wanted}' as a selector`);
  }

  /** Below `roots`, by a selector, or those of a selection that are. */
  #selected(wanted: unknown, roots: readonly DomNode[]): DomNode[] {
    if (typeof wanted === 'string') return this.#nodes.select(roots, wanted);
    return this.#nodesOf(wanted).filter((node) => {
      for (let at = this.#nodes.tools.parent(node); at !== undefined; at = this.#nodes.tools.parent(at)) {
        if (roots.includes(at)) return true;
      }
      return false;
    });
  }

  #test(wanted: unknown, caller?: string): Test {
    if (typeof wanted === 'string') return (node) => this.#nodes.matches(node, wanted);
    if (typeof wanted === 'function') return (node, index) => Boolean(wanted(index, this.#with([node])));
    if (caller !== undefined && !(wanted instanceof Selection) && !(wanted instanceof HtmlElement)) {
      throw new GoError(`the argument to ${caller}() must be a function, a selector or a selection`);
    }
    const list = this.#nodesOf(wanted);
    return (node) => list.includes(node);
  }

  #isSent(field: DomNode): boolean {
    const attribute = (name: string): string => this.#nodes.attribute(field, name) ?? '';
    const type = attribute('type');
    if (
      attribute('name') === '' ||
      this.#nodes.attribute(field, 'disabled') !== undefined ||
      notSent.has(type)
    )
      return false;
    return (type !== 'checkbox' && type !== 'radio') || this.#nodes.attribute(field, 'checked') !== undefined;
  }
}

function propertyName(attribute: string): string {
  return attribute.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function dataValue(text: string): unknown {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return undefined;
  if (text === 'undefined') return undefined;
  const number = Number(text);
  if (text !== '' && String(number) === text) return number;
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}
