/** HTML parsed and searched, as far as `k6/html` needs it. Loaded by the first script that does. */
import { createRequire } from 'node:module';
import type * as CssSelect from 'css-select';
import type { AnyNode, Document, Element, ParentNode } from 'domhandler';
import type * as Parse5 from 'parse5';
import type * as TreeAdapter from 'parse5-htmlparser2-tree-adapter';
import type { DomNode, HtmlTools } from '../api/html-tools.ts';

/** Packages that are modules can be required, so that a script need not wait for them. */
export function loadHtmlTools(): HtmlTools {
  const require = createRequire(import.meta.url);
  const { parse, serialize, serializeOuter }: typeof Parse5 = require('parse5');
  const { adapter }: typeof TreeAdapter = require('parse5-htmlparser2-tree-adapter');
  const { is, selectAll }: typeof CssSelect = require('css-select');
  const options = { treeAdapter: adapter };
  return {
    attributes: (node) => {
      const given = node as AnyNode;
      return isElement(given) ? given.attributes.map(({ name, value }) => [name, value] as const) : [];
    },
    children: (node) => childrenOf(node as AnyNode),
    innerHtml: (node) => {
      const given = node as AnyNode;
      return hasChildren(given) ? serialize(given as ParentNode & (Document | Element), options) : '';
    },
    kind: (node) => {
      const { type } = node as AnyNode;
      if (type === 'tag' || type === 'script' || type === 'style') return 'element';
      return type === 'root'
        ? 'document'
        : type === 'directive'
          ? 'doctype'
          : type === 'cdata'
            ? 'text'
            : type;
    },
    matches: (node, selector) => isElement(node as AnyNode) && is(node as Element, selector),
    name: (node) => {
      const given = node as AnyNode;
      return isElement(given) ? given.name : '';
    },
    next: (node) => (node as AnyNode).next ?? undefined,
    outerHtml: (node) => serializeOuter(node as Element, options),
    parent: (node) => (node as AnyNode).parent ?? undefined,
    parse: (text) => parse(text, options),
    previous: (node) => (node as AnyNode).prev ?? undefined,
    select: (nodes, selector) =>
      selectAll(
        selector,
        nodes.flatMap((node) => childrenOf(node as AnyNode)),
      ),
    text: (node) => textOf(node as AnyNode),
    value: (node) => {
      const given = node as AnyNode;
      return 'data' in given ? given.data : '';
    },
  };
}

function isElement(node: AnyNode): node is Element {
  return node.type === 'tag' || node.type === 'script' || node.type === 'style';
}

function hasChildren(node: AnyNode): node is ParentNode {
  return 'children' in node;
}

function childrenOf(node: AnyNode): readonly (AnyNode & DomNode)[] {
  return hasChildren(node) ? (node.children as readonly (AnyNode & DomNode)[]) : [];
}

function textOf(node: AnyNode): string {
  if (node.type === 'text') return node.data;
  return childrenOf(node).map(textOf).join('');
}
