import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { findOpenApi, findService } from './find-service.ts';
import { readOpenApi, requestsOf } from './open-api.ts';
import { renderConfig, renderScript } from './templates.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'redcliff-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}

describe('what a folder says of its service', () => {
  it('takes the start script, and the variables of the source', () => {
    write({
      'package.json': '{"name":"@shop/Cart","scripts":{"start":"node server.js"}}',
      'server.js':
        "connect(process.env.REDIS_URL); mongo(process.env['MONGODB_URI']); listen(process.env.HTTP_PORT)",
    });
    expect(findService(folder)).toEqual({
      name: 'shop-cart',
      command: ['node', 'server.js'],
      portVariable: 'HTTP_PORT',
      redisVariables: ['REDIS_URL'],
      mongoVariables: ['MONGODB_URI'],
    });
  });

  it('leaves a script that needs a shell to npm', () => {
    write({ 'package.json': '{"scripts":{"start":"NODE_ENV=production node a.js && echo x"}}' });
    expect(findService(folder).command).toEqual(['npm', 'start']);
  });

  it('reads .env and compose files, and starts Python', () => {
    write({
      'app.py': '',
      '.env': 'SESSION_REDIS_URL=x\n',
      'compose.yaml': '    environment:\n      - MONGO_URL=y\n',
    });
    expect(findService(folder)).toMatchObject({
      command: ['python3', 'app.py'],
      redisVariables: ['SESSION_REDIS_URL'],
      mongoVariables: ['MONGO_URL'],
    });
  });

  it('says that nothing was found in an empty folder', () => {
    expect(findService(folder)).toMatchObject({ command: null, redisVariables: [], mongoVariables: [] });
  });
});

const yaml = `openapi: 3.1.0
info:
  title: Carts
  description: |
    paths:
      /not-a-path:
        get: in a text
# a comment
paths:
  /health: # another
    get:
      responses: { '200': { description: well } }
  "/carts/{id}":
    parameters:
    - name: id
      in: path
    get:
      description: >-
        post: nothing
  /carts/{id}/lines:
      post:
        requestBody:
          content: {}
  x-internal:
    get: {}
components: {}
`;

describe('requests of an OpenAPI document', () => {
  it('pairs the writes with the reads of the same resource, and puts the rest last', () => {
    const found = requestsOf({
      '/health': { get: {} },
      '/carts/{id}': { get: {} },
      '/carts/{id}/lines': { post: {}, parameters: [] },
    });
    expect(found.map(({ method, path: at }) => `${method} ${at}`)).toEqual([
      'POST /carts/{id}/lines',
      'GET /carts/{id}',
      'GET /health',
    ]);
  });

  it('reads the same from YAML', async () => {
    const file = path.join(folder, 'api.yaml');
    writeFileSync(file, yaml);
    const found = await readOpenApi(file);
    expect(found.map(({ method, path: at }) => `${method} ${at}`)).toEqual([
      'POST /carts/{id}/lines',
      'GET /carts/{id}',
      'GET /health',
    ]);
  });

  it.each([
    ['YAML without paths', 'openapi: 3.0.0', 'has no paths'],
    ['YAML with paths in one line', 'paths: { /a: {} }', 'line 1'],
    ['YAML that is indented by tabs', 'paths:\n\t/a:\n', 'line 2 (/a:) is indented by a tab'],
    ['JSON that is cut off', '{"paths":', 'JSON'],
    ['something else', '{}', 'has no paths'],
  ])('refuses %s, naming the document', async (_, text, words) => {
    const file = path.join(folder, 'api');
    writeFileSync(file, text);
    const reading = readOpenApi(file);
    await expect(reading).rejects.toThrow(UsageError);
    await expect(reading).rejects.toThrow(words);
  });
});

it('finds the OpenAPI document of a service', () => {
  expect(findOpenApi(folder)).toBeNull();
  write({ 'openapi.yaml': yaml });
  expect(findOpenApi(folder)).toBe(path.join(folder, 'openapi.yaml'));
});

it('writes addresses only of the stores that were found', () => {
  const service = {
    name: 'mailer',
    command: ['node', 'main.js'] as const,
    portVariable: 'PORT',
    redisVariables: ['REDIS_URL'],
    mongoVariables: [],
  };
  const config = renderConfig(service);
  expect(config).toContain('env: ({ redis }) => ({\n    REDIS_URL: redis.url,\n  }),');
  expect(config).toContain("faults: ['redis-down', 'api-killed']");
  expect(config).not.toContain('mongo');
  expect(renderScript([])).toContain("method: 'GET', path: (id: string) => `/`");
});
