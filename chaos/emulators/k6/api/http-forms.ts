/** What responses do with HTML: they select of it, submit its forms and follow its links. */
import { formatGoUrl, parseGoUrl, resolveReference } from '../http/go-url.ts';
import { parseHtml } from './html.ts';
import type { Selection } from './html-selection.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { queryString } from './query-string.ts';

export interface FormSubmission {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly params: unknown;
}

export function create(kernel: Kernel): Record<string, unknown> {
  return { ...new HttpForms(kernel).methods };
}

export interface FormMethods {
  select(document: string, url: string, selector: unknown): Selection;
  submission(document: string, url: string, settings: unknown): FormSubmission;
  link(document: string, url: string, settings: unknown): Pick<FormSubmission, 'params' | 'url'>;
}

class HttpForms {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get methods(): FormMethods {
    return {
      link: (document, url, settings) => this.#link(document, url, settings),
      select: (document, url, selector) => this.#select(document, url, selector),
      submission: (document, url, settings) => this.#submission(document, url, settings),
    };
  }

  #select(document: string, url: string, selector: unknown): Selection {
    const whole = parseHtml(this.#kernel, document, url);
    return selector === undefined ? whole : whole.find(String(selector));
  }

  #submission(document: string, url: string, settings: unknown): FormSubmission {
    const given = read(settings);
    const formSelector = String(given['formSelector'] ?? 'form');
    const form = this.#select(document, url, formSelector);
    if (form.size() === 0)
      throw new GoError(`no form found for selector '${formSelector}' in response '${url}'`);
    const method = String(form.attr('method', 'GET')).toUpperCase();
    const action = form.attr('action');
    const target = action === undefined ? url : absolute(url, String(action));
    const values = new Map(Object.entries(form.serializeObject()));
    const submit = form.find(String(given['submitSelector'] ?? '[type="submit"]'));
    const [name, value] = [submit.attr('name'), submit.val()];
    if (name !== undefined && value !== undefined) values.set(String(name), value);
    for (const [field, own] of Object.entries(read(given['fields']))) values.set(field, own);
    const params = given['params'];
    if (method !== 'GET') return { body: Object.fromEntries(values), method, params, url: target };
    const query = queryString([...values].map(([field, own]) => [field, String(own)] as const));
    return { body: undefined, method, params, url: formatGoUrl({ ...parseGoUrl(target), query }) };
  }

  #link(document: string, url: string, settings: unknown): Pick<FormSubmission, 'params' | 'url'> {
    const given = read(settings);
    const selector = String(given['selector'] ?? 'a[href]');
    const link = this.#select(document, url, selector);
    if (link.size() === 0)
      throw new GoError(`no element found for selector '${selector}' in response '${url}'`);
    const href = link.attr('href');
    if (href === undefined) {
      throw new GoError(`no valid href attribute value found on element '${selector}' in response '${url}'`);
    }
    return { params: given['params'], url: absolute(url, String(href)) };
  }
}

function read(settings: unknown): Readonly<Record<string, unknown>> {
  return settings === undefined || settings === null ? {} : Object(settings);
}

function absolute(base: string, reference: string): string {
  return formatGoUrl(resolveReference(parseGoUrl(base), reference));
}
