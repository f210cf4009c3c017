/** JSON of the answers, with the original's order of keys. */
import type { Proxy } from '../proxy/proxy.ts';
import type { Toxic } from '../proxy/toxic.ts';

/** Go escapes these in JSON, so that it can stand in HTML. */
const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

export function renderString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? character);
}

/** The shortest decimal that reads back as the same 32-bit float: toxicity is one in the original. */
export function renderFloat32(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function renderObject(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, value]) => `${renderString(name)}:${value}`).join(',')}}`;
}

export function renderList(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}

export function renderToxic(toxic: Toxic): string {
  return renderObject([
    ['attributes', renderObject([...toxic.attributes].map(([name, value]) => [name, String(value)]))],
    ['name', renderString(toxic.name)],
    ['type', renderString(toxic.kind.type)],
    ['stream', renderString(toxic.stream)],
    ['toxicity', renderFloat32(toxic.toxicity)],
  ]);
}

export function renderToxics(proxy: Proxy): string {
  return renderList(proxy.toxics.visible().map(renderToxic));
}

export function renderProxy(proxy: Proxy): string {
  return renderObject([
    ['name', renderString(proxy.name)],
    ['listen', renderString(proxy.listen)],
    ['upstream', renderString(proxy.upstream)],
    ['enabled', String(proxy.enabled)],
    ['toxics', renderToxics(proxy)],
  ]);
}

/** By name, in the order of the names' bytes. */
export function renderProxies(proxies: readonly Proxy[]): string {
  const sorted = proxies.toSorted((left, right) =>
    Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)),
  );
  return renderObject(sorted.map((proxy) => [proxy.name, renderProxy(proxy)]));
}

/** Null instead of an empty list, as in the original. */
export function renderPopulated(proxies: readonly Proxy[]): string {
  return proxies.length === 0 ? 'null' : renderList(proxies.map(renderProxy));
}

export function renderError(error: { readonly message: string; readonly status: number }): string {
  return `{"error":${renderString(error.message)},"status":${error.status}}`;
}
