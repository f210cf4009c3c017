/** Markup that escapes by itself: text from a run, such as an error message, can never become part of the page. */

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | null | readonly Content[];

/** Everything put into the template is escaped, but Markup; lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = strings[0] ?? '';
  contents.forEach((content, index) => {
    text += textOf(content) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (content === null) return '';
  if (typeof content === 'object') return content.map(textOf).join('');
  return escapeText(String(content));
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities.get(sign) ?? sign);
}

/** JSON for a script element: no `<` in it can end the element, and no line separator a script. */
export function embeddedJson(value: unknown): Markup {
  const json = JSON.stringify(value);
  return new Markup(
    json.replace(/[<>\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
