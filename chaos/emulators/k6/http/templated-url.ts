/** `http.url`: a URL whose placeholders are the same request under the tag `name`. */
export interface TemplatedUrl {
  readonly url: string;
  readonly name: string;
}

class TaggedUrl implements TemplatedUrl {
  readonly url: string;
  readonly name: string;

  constructor(url: string, name: string) {
    this.url = url;
    this.name = name;
  }

  toString(): string {
    return this.url;
  }
}

export function templatedUrl(parts: readonly string[], ...values: readonly unknown[]): TemplatedUrl {
  const url = parts.reduce((text, part, index) => `${text}${String(values[index - 1])}${part}`);
  return new TaggedUrl(url, parts.join('${}'));
}

export function isTemplatedUrl(value: unknown): value is TemplatedUrl {
  return value instanceof TaggedUrl;
}
