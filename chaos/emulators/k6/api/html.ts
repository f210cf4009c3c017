/** The module `k6/html`. */
import { HtmlElement, withAttributes } from './html-element.ts';
import type { ElementMaker } from './html-element.ts';
import { HtmlNodes } from './html-nodes.ts';
import { Selection } from './html-selection.ts';
import type { Kernel } from './kernel.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  const exports = { parseHTML: (text: unknown) => parseHtml(kernel, String(text), '') };
  return { ...exports, default: exports };
}

/** `url` is where the document comes from, for the addresses in it. */
export function parseHtml(kernel: Kernel, text: string, url: string): Selection {
  const nodes = new HtmlNodes(kernel.host.local.html());
  const document = nodes.tools.parse(text);
  const maker: ElementMaker = {
    document,
    element: (node, from) => withAttributes(kernel, new HtmlElement(maker, node, from)),
    nodes,
    selection: (list, from) => new Selection(maker, list, from),
  };
  return new Selection(maker, [document], url);
}
