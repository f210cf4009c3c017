/** The thread of one VU whose script makes calls that block. */
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import { keepCompiled } from '../compile-cache.ts';
import type { Script } from '../realm/script-instance.ts';
import type { Builtins } from '../realm/script-realm.ts';
import type { GraphModule } from '../script/script-graph.ts';
import type { Command } from './remote-host.ts';
import type { VuThreadData } from './protocol.ts';

keepCompiled();
const { createLocalServices } = await import('../host/local-services.ts');
const { errorFactsOf } = await import('../engine/error-facts.ts');
const { InitError, ScriptInstance } = await import('../realm/script-instance.ts');
const { ScriptGraph } = await import('../script/script-graph.ts');
const { ScriptRealm } = await import('../realm/script-realm.ts');
const { builtinUrl } = await import('../realm/builtin-names.ts');
const { RemoteHost } = await import('./remote-host.ts');

await run(workerData, parentPort ?? missingPort());

function missingPort(): never {
  throw new Error('this file is the entry of a worker thread');
}

async function run(data: VuThreadData, port: MessagePort): Promise<void> {
  let script: Script | undefined;
  const remote = new RemoteHost(data, port, createLocalServices(systemClock), (command: Command) => {
    if (command.type === 'interrupt') script?.interrupt();
    else void call(command);
  });
  const call = async ({ call: given, facts }: Extract<Command, { type: 'call' }>): Promise<void> => {
    if (script === undefined) return;
    const end = await script.call(given, facts);
    remote.send({ end, tags: script.tags, type: 'ended' });
  };
  process.on('unhandledRejection', (reason) => remote.host.tell.uncaught(errorFactsOf(reason)));
  const builtins = new ScriptGraph('', data.builtinModules);
  const graph = new ScriptGraph(data.entry, data.modules);
  /** What the run has loaded since, or loads now. */
  const addTo = (target: InstanceType<typeof ScriptGraph>, modules: unknown): void => {
    for (const module of modules as readonly GraphModule[])
      if (target.find(module.url) === undefined) target.add(module);
  };
  const files: Builtins = {
    file: (name) => {
      const url = builtinUrl(name);
      if (builtins.find(url) === undefined) addTo(builtins, remote.ask('builtinModules', [name]));
      return url;
    },
    graph: builtins,
  };
  try {
    script = await ScriptInstance.create(
      {
        builtins: files,
        graph,
        loader: {
          require: (_graph, specifier, parentUrl) => {
            const answer = remote.ask('requireModule', [specifier, parentUrl]) as
              | { readonly message: string; readonly ok: false }
              | { readonly ok: true; readonly modules: readonly GraphModule[]; readonly target: string };
            if (!answer.ok) throw new Error(answer.message);
            addTo(graph, answer.modules);
            return answer.target;
          },
        },
        waiting: 'thread',
      },
      new ScriptRealm(files, false),
      remote.host,
    );
    remote.send({ exports: script.exports, type: 'ready' });
  } catch (error) {
    remote.send({
      error: error instanceof InitError ? error.facts : errorFactsOf(error),
      type: 'init-failed',
    });
  }
}
