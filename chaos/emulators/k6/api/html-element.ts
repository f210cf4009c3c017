/** One element of a document, with the methods that `k6/html` has of the DOM. Attributes are read by methods of their names. */
import type { HtmlNodes } from './html-nodes.ts';
import type { DomNode } from './html-tools.ts';
import type { Kernel } from './kernel.ts';
import { formatGoUrl, parseGoUrl, resolveReference } from '../http/go-url.ts';

export interface ElementMaker {
  readonly nodes: HtmlNodes;
  readonly document: DomNode;
  element(node: DomNode, url: string): HtmlElement;
  /** Gives a `Selection`, which is built on elements. */
  selection(nodes: readonly DomNode[], url: string): object;
}

const nodeTypes = { comment: 8, doctype: 10, document: 9, element: 1, text: 3 } as const;

export class HtmlElement {
  readonly node: DomNode;
  readonly #maker: ElementMaker;
  readonly #url: string;

  constructor(maker: ElementMaker, node: DomNode, url: string) {
    this.node = node;
    this.#maker = maker;
    this.#url = url;
  }

  get #nodes(): HtmlNodes {
    return this.#maker.nodes;
  }

  attributes(): Record<string, { name: string; value: string }> {
    const entries = this.#nodes.tools.attributes(this.node);
    return Object.fromEntries(entries.map(([name, value]) => [name, { name, value }] as const));
  }

  childElementCount(): number {
    return this.#nodes.elements(this.node).length;
  }

  childNodes(): HtmlElement[] {
    return this.#list(this.#nodes.tools.children(this.node));
  }

  children(): HtmlElement[] {
    return this.#list(this.#nodes.elements(this.node));
  }

  classList(): string[] {
    return (this.#attribute('class') ?? '').split(/\s+/).filter((name) => name !== '');
  }

  className(): string | undefined {
    return this.#attribute('class');
  }

  contains(other: unknown): boolean {
    if (!(other instanceof HtmlElement)) return false;
    for (let at: DomNode | undefined = other.node; at !== undefined; at = this.#nodes.tools.parent(at)) {
      if (at === this.node) return true;
    }
    return false;
  }

  firstChild(): HtmlElement | undefined {
    return this.#one(this.#nodes.tools.children(this.node)[0]);
  }

  firstElementChild(): HtmlElement | undefined {
    return this.#one(this.#nodes.elements(this.node)[0]);
  }

  getAttribute(name: unknown): string | undefined {
    return this.#attribute(String(name));
  }

  getElementsByClassName(name: unknown): HtmlElement[] {
    return this.querySelectorAll(`.${String(name)}`);
  }

  getElementsByTagName(name: unknown): HtmlElement[] {
    return this.querySelectorAll(name);
  }

  hasAttribute(name: unknown): boolean {
    return this.#attribute(String(name)) !== undefined;
  }

  hasAttributes(): boolean {
    return this.#nodes.tools.attributes(this.node).length > 0;
  }

  hasChildNodes(): boolean {
    return this.#nodes.tools.children(this.node).length > 0;
  }

  innerHTML(): string {
    return this.#nodes.tools.innerHtml(this.node);
  }

  isEqualNode(other: unknown): boolean {
    return (
      other instanceof HtmlElement &&
      this.#nodes.tools.outerHtml(other.node) === this.#nodes.tools.outerHtml(this.node)
    );
  }

  isSameNode(other: unknown): boolean {
    return other instanceof HtmlElement && other.node === this.node;
  }

  lastChild(): HtmlElement | undefined {
    return this.#one(this.#nodes.tools.children(this.node).at(-1));
  }

  lastElementChild(): HtmlElement | undefined {
    return this.#one(this.#nodes.elements(this.node).at(-1));
  }

  matches(selector: unknown): boolean {
    return this.#nodes.matches(this.node, String(selector));
  }

  nextElementSibling(): HtmlElement | undefined {
    return this.#one(this.#nodes.after(this.node)[0]);
  }

  nextSibling(): HtmlElement | undefined {
    return this.#one(this.#nodes.tools.next(this.node));
  }

  nodeName(): string {
    const kind = this.#nodes.tools.kind(this.node);
    return kind === 'element' ? this.#nodes.tools.name(this.node) : `#${kind}`;
  }

  nodeType(): number {
    return nodeTypes[this.#nodes.tools.kind(this.node)];
  }

  nodeValue(): string | undefined {
    const kind = this.#nodes.tools.kind(this.node);
    return kind === 'text' || kind === 'comment' ? this.#nodes.tools.value(this.node) : undefined;
  }

  parentElement(): HtmlElement | undefined {
    return this.#one(this.#nodes.parentElement(this.node));
  }

  parentNode(): HtmlElement | undefined {
    return this.#one(this.#nodes.tools.parent(this.node));
  }

  previousElementSibling(): HtmlElement | undefined {
    return this.#one(this.#nodes.before(this.node)[0]);
  }

  previousSibling(): HtmlElement | undefined {
    return this.#one(this.#nodes.tools.previous(this.node));
  }

  querySelector(selector: unknown): HtmlElement | undefined {
    return this.#one(this.#nodes.select([this.node], String(selector))[0]);
  }

  querySelectorAll(selector: unknown): HtmlElement[] {
    return this.#list(this.#nodes.select([this.node], String(selector)));
  }

  selection(): object {
    return this.#maker.selection([this.node], this.#url);
  }

  textContent(): string {
    return this.#nodes.tools.text(this.node);
  }

  toString(): string {
    return this.#nodes.tools.outerHtml(this.node);
  }

  text(): string {
    return this.textContent();
  }

  value(): unknown {
    return this.#nodes.valueOf(this.node) ?? this.#attribute('value') ?? '';
  }

  /** The absolute address that a link, a source or the action of a form stands for. */
  address(attribute: string): string {
    const given = this.#attribute(attribute);
    if (given === undefined) return attribute === 'action' ? this.#url : '';
    try {
      return formatGoUrl(resolveReference(parseGoUrl(this.#url), given));
    } catch {
      return given;
    }
  }

  #attribute(name: string): string | undefined {
    return this.#nodes.attribute(this.node, name);
  }

  #one(node: DomNode | undefined): HtmlElement | undefined {
    return node === undefined ? undefined : this.#maker.element(node, this.#url);
  }

  #list(nodes: readonly DomNode[]): HtmlElement[] {
    return nodes.map((node) => this.#maker.element(node, this.#url));
  }
}

const texts = ['alt', 'id', 'lang', 'name', 'placeholder', 'rel', 'target', 'title', 'type'];
const addresses = ['action', 'cite', 'href', 'src'];
const flags = ['autofocus', 'checked', 'disabled', 'hidden', 'multiple', 'readonly', 'required', 'selected'];
const numbers = ['height', 'maxlength', 'minlength', 'size', 'tabindex', 'width'];

/** What k6 has of an element and this runtime has not is refused when it is read. */
export function withAttributes(kernel: Kernel, element: HtmlElement): HtmlElement {
  const accessors = new Map<string, () => unknown>([
    ...texts.map((name) => [name, () => element.getAttribute(name) ?? ''] as const),
    ...addresses.map((name) => [name, () => element.address(name)] as const),
    ...flags.map((name) => [name, () => element.hasAttribute(name)] as const),
    ...numbers.map(
      (name) => [name, () => Number.parseInt(element.getAttribute(name) ?? '0', 10) || 0] as const,
    ),
    ['method', () => (element.getAttribute('method') ?? 'get').toLowerCase()],
  ]);
  return new Proxy(element, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name, target);
      if (typeof own === 'function') return own.bind(target);
      if (own !== undefined || typeof name === 'symbol' || name === 'toJSON' || name === 'then') return own;
      return (
        accessors.get(name) ??
        kernel.unsupported(`Element.${name}`, `read it with getAttribute(), or with attr() of the selection`)
      );
    },
  });
}
