/** The routes of the server of the corpus. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Shop } from './corpus-shop.ts';

interface Exchange {
  readonly shop: Shop;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** The path behind the first segment. */
  readonly argument: string;
  readonly body: Buffer;
}

type Route = (exchange: Exchange) => Promise<void> | void;

export async function answerRequest(
  shop: Shop,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://shop');
  const [, name = '', argument = ''] = url.pathname.split('/');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (route === undefined) response.writeHead(404).end('no such page');
  else await route({ argument, body: Buffer.concat(chunks), request, response, shop, url });
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Of a JSON body or of a form. */
function fieldsOf({ body, request }: Exchange): Record<string, unknown> {
  const text = body.toString();
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true)
    return Object.fromEntries(new URLSearchParams(text));
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function cookiesOf(request: IncomingMessage): Record<string, string> {
  const pairs = (request.headers.cookie ?? '').split('; ').filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string]));
}

function userOf({ request, shop }: Exchange): string | undefined {
  const bearer = request.headers.authorization?.replace(/^Bearer /, '');
  return shop.userOf(bearer ?? cookiesOf(request)['session'] ?? '');
}

function basicUser(request: IncomingMessage): string {
  const [scheme, code = ''] = (request.headers.authorization ?? '').split(' ');
  return scheme === 'Basic' ? Buffer.from(code, 'base64').toString() : '';
}

/** The parts of a multipart body, as far as the corpus sends them. */
function partsOf({
  body,
  request,
}: Exchange): { name: string; filename?: string; type?: string; size: number }[] {
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
  const pieces = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
  return pieces.map((piece) => {
    const [head = '', ...rest] = piece.slice(2).split('\r\n\r\n');
    const content = rest.join('\r\n\r\n').slice(0, -2);
    const filename = /filename="([^"]*)"/.exec(head)?.[1];
    const type = /content-type: (.+)/i.exec(head)?.[1];
    return {
      name: /[^e]name="([^"]*)"/.exec(head)?.[1] ?? '',
      size: content.length,
      ...(filename === undefined ? {} : { filename }),
      ...(type === undefined ? {} : { type: type.trim() }),
    };
  });
}

const digestNonce = '5ca1ab1e';

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

const page = `<!doctype html><html><head><title>Shop</title></head><body>
<h1 id="top">Welcome</h1>
<ul class="goods"><li data-id="1"><a href="/items/1">apple</a></li><li data-id="2"><a href="/items/2">bread</a></li>
<li data-id="3"><a href="/items/3">cheese</a></li></ul>
<form action="/form" method="post"><input type="hidden" name="csrf" value="c5rf"><input name="query" value="">
<select name="size"><option value="s">S</option><option value="m" selected>M</option></select>
<button type="submit">Go</button></form></body></html>`;

const routes: Readonly<Record<string, Route>> = {
  account: (exchange) => {
    const user = userOf(exchange);
    if (user === undefined) json(exchange.response, { error: 'login needed' }, 401);
    else json(exchange.response, { user });
  },
  basic: ({ request, response }) => {
    if (basicUser(request) === 'ann:secret-a') json(response, { authenticated: true });
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="shop"' }).end();
  },
  bytes: ({ argument, response }) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(Buffer.alloc(Number(argument), 7));
  },
  cookies: ({ argument, request, response, url }) => {
    if (argument === 'set') {
      response.setHeader(
        'set-cookie',
        [...url.searchParams].map(([name, value]) => `${name}=${value}; Path=/`),
      );
    }
    json(response, cookiesOf(request));
  },
  digest: ({ request, response }) => {
    const given = request.headers.authorization ?? '';
    const field = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(given)?.[1] ?? '';
    const proof = md5(`${md5('ann:shop:secret-a')}:${digestNonce}:${md5(`GET:${field('uri')}`)}`);
    const qopProof = md5(
      `${md5('ann:shop:secret-a')}:${digestNonce}:${field('nc')}:${field('cnonce')}:auth:${md5(`GET:${field('uri')}`)}`,
    );
    if (given.startsWith('Digest') && [proof, qopProof].includes(field('response')))
      json(response, { digest: true });
    else
      response
        .writeHead(401, { 'www-authenticate': `Digest realm="shop", nonce="${digestNonce}", qop="auth"` })
        .end();
  },
  echo: ({ body, request, response, url }) => {
    json(response, {
      body: body.toString(),
      bytes: body.length,
      headers: request.headers,
      method: request.method,
      query: Object.fromEntries(url.searchParams),
    });
  },
  form: (exchange) => {
    const { csrf, query, size } = fieldsOf(exchange);
    exchange.response.writeHead(csrf === 'c5rf' ? 200 : 403, { 'content-type': 'text/html' });
    exchange.response.end(`<p class="answer">${String(query)} in ${String(size)}</p>`);
  },
  graphql: (exchange) => {
    const { query, variables } = fieldsOf(exchange);
    if (typeof query !== 'string') json(exchange.response, { errors: [{ message: 'no query' }] }, 400);
    else json(exchange.response, { data: { echo: query.length, variables: variables ?? null } });
  },
  gzip: ({ response }) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' });
    response.end(gzipSync(JSON.stringify({ packed: true })));
  },
  health: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  },
  items: (exchange) => {
    const { argument, request, response, shop, url } = exchange;
    const id = Number(argument);
    if (argument === '') {
      if (request.method === 'POST') {
        const { name, price } = fieldsOf(exchange);
        const item = shop.add(String(name), Number(price));
        response.setHeader('location', `/items/${item.id}`);
        json(response, item, 201);
        return;
      }
      const limit = Number(url.searchParams.get('limit') ?? 10);
      const pageNumber = Number(url.searchParams.get('page') ?? 1);
      const list = [...shop.items.values()].slice((pageNumber - 1) * limit, pageNumber * limit);
      json(response, { items: list, page: pageNumber, pages: Math.ceil(30 / limit) });
      return;
    }
    const item = shop.items.get(id);
    if (item === undefined) {
      json(response, { error: 'no such item' }, 404);
      return;
    }
    switch (request.method) {
      case 'DELETE':
        shop.items.delete(id);
        response.writeHead(204).end();
        break;
      case 'PATCH':
      case 'PUT':
        shop.items.set(id, { ...item, ...fieldsOf(exchange) });
        json(response, shop.items.get(id));
        break;
      default:
        json(response, item);
    }
  },
  login: (exchange) => {
    const { password, user } = fieldsOf(exchange);
    const token = exchange.shop.login(String(user), String(password));
    if (token === undefined) {
      json(exchange.response, { error: 'wrong credentials' }, 401);
      return;
    }
    exchange.response.setHeader('set-cookie', `session=${token}; Path=/; HttpOnly`);
    json(exchange.response, { token, user });
  },
  page: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  },
  redirect: ({ argument, response }) => {
    const left = Number(argument);
    response.writeHead(302, { location: left > 1 ? `/redirect/${left - 1}` : '/health' }).end();
  },
  register: (exchange) => {
    const { password, user } = fieldsOf(exchange);
    const isNew = exchange.shop.register(String(user), String(password));
    json(exchange.response, { user }, isNew ? 201 : 409);
  },
  slow: async ({ argument, response }) => {
    await delay(Number(argument));
    response.end('late');
  },
  status: ({ argument, response }) => {
    response.writeHead(Number(argument)).end();
  },
  text: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('grüße, 世界');
  },
  upload: (exchange) => {
    json(exchange.response, { parts: partsOf(exchange) });
  },
};
