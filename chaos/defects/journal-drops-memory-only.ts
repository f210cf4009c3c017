/** Stands in for `system/cache/journal-poller.ts`: rows of the journal clear this process's memory and leave Redis as it is. */
import type { Cache } from '../../system/cache/cache.ts';
import { JournalPoller as RightJournalPoller } from '../../system/cache/journal-poller.ts';

type Options = ConstructorParameters<typeof RightJournalPoller>[0];

export class JournalPoller extends RightJournalPoller {
  constructor(options: Options) {
    super({ ...options, cache: memoryOnly(options.cache) });
  }
}

function memoryOnly(cache: Cache): Cache {
  const forget = (keys: Parameters<Cache['forget']>[0]): Promise<boolean> => {
    cache.dropLocally(keys);
    return Promise.resolve(true);
  };
  return new Proxy(cache, {
    get: (target, name) => {
      if (name === 'forget') return forget;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
