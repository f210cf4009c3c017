import { expect, it } from 'vitest';
import { renderFindings } from './render.ts';

it('shows what needs doing first, each with its remedy', () => {
  const text = renderFindings([
    { name: 'Node', state: 'ok', detail: '24.0.0', remedy: null },
    { name: 'Docker', state: 'optional', detail: 'no engine', remedy: 'none needed' },
    { name: 'Redis', state: 'missing', detail: 'not on PATH', remedy: 'run npm run setup' },
  ]);
  expect(text).toBe(
    [
      'missing   Redis   not on PATH',
      '                  remedy: run npm run setup',
      'optional  Docker  no engine',
      '                  remedy: none needed',
      'ok        Node    24.0.0',
      '',
      'Missing: Redis.',
    ].join('\n'),
  );
});

it('reports when nothing is missing', () => {
  const text = renderFindings([{ name: 'Node', state: 'ok', detail: '24.0.0', remedy: null }]);
  expect(text).toBe('ok        Node  24.0.0\n\nEverything that is needed is present.');
});
