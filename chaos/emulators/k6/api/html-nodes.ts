/** Walks over the nodes of a document, as selections and elements of `k6/html` do. */
import type { DomNode, HtmlTools } from './html-tools.ts';
import { GoError } from './kernel.ts';

export class HtmlNodes {
  readonly tools: HtmlTools;

  constructor(tools: HtmlTools) {
    this.tools = tools;
  }

  isElement(node: DomNode): boolean {
    return this.tools.kind(node) === 'element';
  }

  attribute(node: DomNode, name: string): string | undefined {
    return this.tools.attributes(node).find(([other]) => other === name)?.[1];
  }

  elements(node: DomNode): DomNode[] {
    return this.tools.children(node).filter((child) => this.isElement(child));
  }

  parentElement(node: DomNode): DomNode | undefined {
    const parent = this.tools.parent(node);
    return parent !== undefined && this.isElement(parent) ? parent : undefined;
  }

  /** From the nearest outwards. */
  ancestors(node: DomNode): DomNode[] {
    const found: DomNode[] = [];
    for (let at = this.parentElement(node); at !== undefined; at = this.parentElement(at)) found.push(at);
    return found;
  }

  /** Elements beside it, from the nearest on. */
  after(node: DomNode): DomNode[] {
    const found: DomNode[] = [];
    for (let at = this.tools.next(node); at !== undefined; at = this.tools.next(at)) found.push(at);
    return found.filter((one) => this.isElement(one));
  }

  before(node: DomNode): DomNode[] {
    const found: DomNode[] = [];
    for (let at = this.tools.previous(node); at !== undefined; at = this.tools.previous(at)) found.push(at);
    return found.filter((one) => this.isElement(one));
  }

  select(nodes: readonly DomNode[], selector: string): DomNode[] {
    return this.#checked(selector, () => [...this.tools.select(nodes, selector)]);
  }

  matches(node: DomNode, selector: string): boolean {
    return this.#checked(selector, () => this.tools.matches(node, selector));
  }

  /** The value of a form field as it would be sent; undefined for an element that is none. */
  valueOf(node: DomNode): string | string[] | undefined {
    const given = this.attribute(node, 'value');
    switch (this.tools.name(node)) {
      case 'button':
        return given ?? '';
      case 'input': {
        const type = this.attribute(node, 'type');
        return given ?? (type === 'radio' || type === 'checkbox' ? 'on' : '');
      }
      case 'option':
        return given ?? this.tools.innerHtml(node);
      case 'select': {
        const chosen = this.select([node], 'option[selected]').map((option) => this.optionValue(option));
        return this.attribute(node, 'multiple') === undefined ? (chosen[0] ?? '') : chosen;
      }
      case 'textarea':
        return this.tools.innerHtml(node);
      default:
        return undefined;
    }
  }

  optionValue(option: DomNode): string {
    return this.attribute(option, 'value') ?? this.tools.innerHtml(option);
  }

  #checked<Value>(selector: string, act: () => Value): Value {
    try {
      return act();
    } catch (error) {
      throw new GoError(`invalid selector ${JSON.stringify(selector)}: ${String(error)}`);
    }
  }
}

/** In the order in which they come, each once. */
export function unique(nodes: readonly DomNode[]): DomNode[] {
  return [...new Set(nodes)];
}
