/** What `up` prints when everything is up: where it is, and what can be done with it. Pure. */
import { withoutSecrets } from '../stack/external/secrets.ts';
import type { StandingSystem } from './standing-system.ts';

export interface Welcome {
  readonly name: string;
  readonly standing: Pick<StandingSystem, 'stack' | 'system'>;
  readonly adminToken: string;
  readonly folder: string;
  /** Of the page that shows it while it is up. */
  readonly liveUrl: string;
}

export function renderWelcome({ name, standing, adminToken, folder, liveUrl }: Welcome): string {
  const { stack, system } = standing;
  const { redis, mongo, toxiproxyApi, proxyNames } = stack.endpoints;
  const [api = ''] = system.apiUrls;
  const [session = ''] = system.sessionIds;
  return [
    `"${name}" is up.`,
    ...system.apiUrls.map((url) => `  API                ${url}`),
    `  sessions           ${system.sessionIds.join(', ')}`,
    `  admin token        ${adminToken}`,
    `  Redis, directly    ${withoutSecrets(redis.direct)}`,
    `  Redis, proxied     ${withoutSecrets(redis.proxied)}`,
    `  MongoDB, directly  ${withoutSecrets(mongo.direct)}`,
    `  MongoDB, proxied   ${withoutSecrets(mongo.proxied)}`,
    `  Toxiproxy          ${toxiproxyApi} (proxies ${proxyNames.redis} and ${proxyNames.mongo})`,
    `  logs               ${folder}/logs`,
    `  live page          ${liveUrl}`,
    'A client may do:',
    `  curl ${api}/api/sessions/${session}/generals/1`,
    `  curl -X POST ${api}/api/sessions/${session}/generals/1/actions -H 'content-type: application/json' -d '{"command":"train","amount":1}'`,
    'In another terminal: redcliff break redis-down --for 10s · redcliff status · redcliff heal',
    'Ctrl-C or redcliff down ends everything.',
  ].join('\n');
}
