/** What the module `k6/html` has done by a parser outside of the realm. */
export interface DomNode {
  readonly type: string;
}

export type NodeKind = 'comment' | 'doctype' | 'document' | 'element' | 'text';

export interface HtmlTools {
  /** A whole document, as a browser makes one of any text. */
  parse(text: string): DomNode;
  /** Below the nodes, in the order of the document, each once. Throws for what is no selector. */
  select(nodes: readonly DomNode[], selector: string): readonly DomNode[];
  matches(node: DomNode, selector: string): boolean;
  kind(node: DomNode): NodeKind;
  /** Of an element, in lower case. */
  name(node: DomNode): string;
  /** Of a text or comment. */
  value(node: DomNode): string;
  text(node: DomNode): string;
  innerHtml(node: DomNode): string;
  outerHtml(node: DomNode): string;
  attributes(node: DomNode): readonly (readonly [string, string])[];
  children(node: DomNode): readonly DomNode[];
  parent(node: DomNode): DomNode | undefined;
  next(node: DomNode): DomNode | undefined;
  previous(node: DomNode): DomNode | undefined;
}
