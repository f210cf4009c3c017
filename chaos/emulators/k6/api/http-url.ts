/** `http.url`: a URL whose placeholders are the same request under the tag `name`. */
export class HttpUrl {
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

/** A template tag. */
export function httpUrl(parts: readonly string[], ...values: readonly unknown[]): HttpUrl {
  const url = parts.reduce((text, part, index) => `${text}${String(values[index - 1])}${part}`);
  return new HttpUrl(url, parts.join('${}'));
}
