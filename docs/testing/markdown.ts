/** Reads the parts of a Markdown page that can be checked: code blocks, headings, command lines. */

/** Texts of the fenced blocks of the language. */
export function blocksOf(page: string, language: string): string[] {
  return fencedBlocks(page).flatMap((block) => (block.language === language ? [block.text] : []));
}

function fencedBlocks(page: string): { language: string; text: string }[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

/** Anchors of the headings, as GitHub makes them. */
export function slugsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

export interface CommandLine {
  /** Without what starts the program. */
  readonly line: string;
  /** False for one in a sentence. */
  readonly whole: boolean;
  /** True for one that is given in another repository, which has scenarios of its own. */
  readonly elsewhere: boolean;
}

const start = /^(?:npm run redcliff -- |npx redcliff |redcliff |node (?:\S*\/)?chaos\/cli\/redcliff\.mjs )/;

/** Command lines of the program: lines of code blocks, and code in sentences. */
export function commandLinesIn(page: string): CommandLine[] {
  const blocks = fencedBlocks(page).filter(({ language }) => language === '' || language === 'sh');
  const indented = page.split('\n').filter((line) => line.startsWith('    '));
  const inLines = [...blocks.flatMap(({ text }) => text.split('\n')), ...indented];
  const inSentences = [...page.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const read = (whole: boolean) => (code: string) => {
    const started = start.exec(code.trim());
    if (started === null) return [];
    const line = code.trim().slice(started[0].length);
    if (/^(?:--help|--version|COMMAND)/.test(line)) return [];
    return [{ line, whole, elsewhere: /\.\.\/redcliff\/|^npx/.test(started[0]) }];
  };
  return [...inLines.flatMap(read(true)), ...inSentences.flatMap(read(false))];
}

/** Words of a command line up to a comment or a redirection. Of alternatives such as `faults\|mutants` the first counts. */
export function wordsOf(line: string): string[] {
  const words = (line.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll(/^['"]|['"]$/g, ''));
  const end = words.findIndex((word) => /^(?:#|>|&&|\|)/.test(word));
  return (end < 0 ? words : words.slice(0, end))
    .filter((word) => !/^[[…]/.test(word))
    .map((word) => word.split(/\\?\|/)[0] ?? word);
}

/** What a reader does with a page, in its order: a file to write, or a command to type. */
export type Step =
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'command'; readonly line: string; readonly comment: string };

/** Of the page from `from` to `to`, two headings. A file is a block of code below a paragraph that begins with its name. */
export function stepsOf(page: string, from: string, to: string): Step[] {
  const [, after = ''] = page.split(`${from}\n`);
  const [part = ''] = after.split(`\n${to}\n`);
  const blocks = part.matchAll(
    /(?:^(?:\d+\. )?`([\w./-]+\.\w+)`[^\n]*(?:\n[^\n`][^\n]*)*\n\n)?^```(\w*)\n([\s\S]*?)^```$/gm,
  );
  return [...blocks].flatMap(([, name, language = '', text = '']): Step[] => {
    if (name !== undefined && language !== 'sh') return [{ kind: 'file', name, text }];
    if (language !== 'sh') return [];
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [command = '', comment = ''] = line.split(/ +# /);
        return { kind: 'command', line: command, comment };
      });
  });
}
