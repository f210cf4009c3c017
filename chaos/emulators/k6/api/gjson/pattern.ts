/** `*` stands for any text, `?` for one character, and a backslash takes what follows as it is. */
const compiled = new Map<string, RegExp>();
const remembered = 200;

export function matchesPattern(text: string, pattern: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern.replaceAll(
      /\\([^])|([*?])|[.+^${}()|[\]\\]/g,
      (whole, escaped?: string, wild?: string) => {
        if (wild !== undefined) return wild === '*' ? '[^]*' : '[^]';
        return (escaped ?? whole).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      },
    );
    expression = new RegExp(`^${source}$`, 'u');
    if (compiled.size < remembered) compiled.set(pattern, expression);
  }
  return expression.test(text);
}
