/**
 * A witness as a story: what clients, processes and stores did around it, in lanes over time. Chosen here are the events nearest to what contradicts
 * itself; the page draws them (`browser/story.js`).
 */
import type { Operation } from '../../history/operation.ts';
import type { Cell, Witness } from '../../record/report.ts';
import { fateOf, operationName, type Trace, type TracedCommand } from '../../trace/trace.ts';
import { touching, valuesAround } from '../../trace/entity.ts';

const clientLanesMax = 8;
const processLanesMax = 8;
const commandsMax = 150;
const marginMs = 300;
/** Commands that the witness's own requests caused come before those that only name the same things. */
const causedRank = 100;
/** Client numbers are those of a virtual user and, below this, of its incarnation. */
const clientsPerUser = 100_000;

/** Times are seconds since the start of the load. */
export interface StoryEvent {
  readonly lane: number;
  /** Lane of the store that a command went to. */
  readonly store?: number;
  readonly kind: 'command' | 'operation';
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly fate: 'fail' | 'info' | 'ok';
  /** One of the operations that contradict each other. */
  readonly mine: boolean;
  /** A command that one of those operations caused. */
  readonly caused?: true;
  readonly detail: readonly (readonly [string, string])[];
}

export interface Story {
  readonly lanes: readonly { readonly name: string; readonly kind: 'client' | 'process' | 'store' }[];
  readonly events: readonly StoryEvent[];
  readonly faults: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** How commands were found to belong to the witness. */
  readonly tie: string;
}

/** `around`: operations besides the witness's own. Null when nothing is known to have happened. */
export function storyOf(
  cell: Cell,
  witness: Witness,
  own: readonly Operation[],
  around: readonly Operation[],
  trace: Trace | undefined,
): Story | null {
  if (own.length + around.length === 0) return null;
  const nearest = own.length === 0 ? around : own;
  const clients = [...new Set([...own, ...byDistance(around, own)].map(({ process }) => process))];
  const shownClients = new Set(clients.slice(0, clientLanesMax));
  const operations = [...own, ...around].filter(({ process }) => shownClients.has(process));
  const commands = trace === undefined ? [] : chosenCommands(trace, witness, nearest);
  const lanes = lanesOf([...shownClients], commands, trace);
  const laneNumber = (name: string): number => lanes.findIndex((lane) => lane.name === name);
  const since = (timeMs: number): number => Math.round(timeMs - cell.loadStartMs) / 1000;
  const fine = (timeMs: number): number => Math.round((timeMs - cell.loadStartMs) * 1000) / 1_000_000;
  const events: StoryEvent[] = operations.map((operation) => ({
    lane: laneNumber(clientName(operation.process)),
    kind: 'operation',
    from: since(operation.startedMs),
    to: since(operation.endedMs),
    label: operation.f,
    fate: operation.type,
    mine: own.includes(operation),
    detail: operationDetail(operation),
  }));
  const values = valuesAround(commands);
  const ownNames = new Set(own.map(operationName));
  const requests = new Map([...around, ...own].map((operation) => [operationName(operation), operation]));
  for (const [index, command] of commands.entries()) {
    const lane = laneNumber(senderName(command, trace));
    if (lane === -1) continue;
    events.push({
      lane,
      store: laneNumber(storeName(command)),
      kind: 'command',
      from: fine(command.startedMs),
      to: fine(command.endedMs ?? command.startedMs),
      label: `${command.command} ${command.target}`.trim(),
      fate: commandFates[fateOf(command)],
      mine: false,
      ...(ownNames.has(command.operation ?? '') ? { caused: true as const } : {}),
      detail: commandDetail(command, values[index], requests.get(command.operation ?? '')),
    });
  }
  return {
    lanes,
    events: events.toSorted((left, right) => left.from - right.from),
    faults: cell.faults.map(({ fault, appliedMs, healedMs }) => ({
      name: fault,
      from: since(appliedMs),
      to: since(healedMs),
    })),
    tie: tieOf(trace, commands),
  };
}

const commandFates = { answered: 'ok', error: 'fail', 'no reply': 'info', 'reply lost': 'info' } as const;

export function clientName(process: number): string {
  const user = Math.floor(process / clientsPerUser);
  if (user === 0) return `client ${process}`;
  const incarnation = process % clientsPerUser;
  return `client ${user}${incarnation === 0 ? '' : `, after ${incarnation} unknown`}`;
}

function byDistance(around: readonly Operation[], own: readonly Operation[]): Operation[] {
  const distance = (operation: Operation): number =>
    Math.min(Number.MAX_VALUE, ...own.map(({ startedMs }) => Math.abs(startedMs - operation.startedMs)));
  return around.toSorted((left, right) => distance(left) - distance(right));
}

/** What touched the same things, nearest to the witness's operations first, and what went wrong during them. */
function chosenCommands(trace: Trace, witness: Witness, own: readonly Operation[]): TracedCommand[] {
  const names = new Set(own.map(operationName));
  const caused = ({ operation }: TracedCommand): boolean => operation !== undefined && names.has(operation);
  const near = trace.commands.filter(
    (command) =>
      caused(command) ||
      own.some(
        ({ startedMs, endedMs }) =>
          (command.endedMs ?? command.startedMs) >= startedMs - marginMs &&
          command.startedMs <= endedMs + marginMs,
      ),
  );
  const touches = touching(witness, own);
  const rankOf = (command: TracedCommand): number =>
    touches(command) + (fateOf(command) === 'answered' ? 0 : 1) + (caused(command) ? causedRank : 0);
  const ranked = near
    .map((command) => ({ command, rank: rankOf(command) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((left, right) => right.rank - left.rank);
  return ranked
    .slice(0, commandsMax)
    .map(({ command }) => command)
    .toSorted((left, right) => left.startedMs - right.startedMs);
}

function lanesOf(
  clients: readonly number[],
  commands: readonly TracedCommand[],
  trace: Trace | undefined,
): Story['lanes'] {
  const senders = [...new Set(commands.map((command) => senderName(command, trace)))];
  const stores = [...new Set(commands.map(storeName))];
  return [
    ...clients.map((process) => ({ name: clientName(process), kind: 'client' as const })),
    ...senders.slice(0, processLanesMax).map((name) => ({ name, kind: 'process' as const })),
    ...stores.map((name) => ({ name, kind: 'store' as const })),
  ];
}

function senderName(command: TracedCommand, trace: Trace | undefined): string {
  const process = command.process ?? trace?.head.proxies[command.proxy]?.process;
  return process ?? `${command.proxy}, connection ${command.connection}`;
}

function storeName({ protocol }: TracedCommand): string {
  return protocol === 'redis' ? 'Redis' : 'MongoDB';
}

function tieOf(trace: Trace | undefined, commands: readonly TracedCommand[]): string {
  if (trace === undefined) return 'No trace was recorded: only what the clients saw is shown.';
  const tied = commands.some(({ operation }) => operation !== undefined);
  const cut = trace.head.dropped.length > 0 ? ' Of some times not every command was kept.' : '';
  const how = tied
    ? 'Commands are tied to requests by what the processes noted; those without a request by time and by what they name.'
    : 'Commands are those near in time that name the same things; which request caused them is not known.';
  return how + cut;
}

function operationDetail(operation: Operation): StoryEvent['detail'] {
  return [
    ['client', clientName(operation.process)],
    ['operation', operation.f],
    ['ended', operation.type],
    ['took', `${Math.round(operation.endedMs - operation.startedMs)} ms`],
    ['value', JSON.stringify(operation.value)],
    ...(operation.error === undefined ? [] : [['error', operation.error] as const]),
  ];
}

function commandDetail(
  command: TracedCommand,
  values: { readonly before: string | null; readonly after: string | null } | undefined,
  request: Operation | undefined,
): StoryEvent['detail'] {
  const { endedMs, startedMs, fault, error } = command;
  const sent = command.arguments?.join(' ') ?? JSON.stringify(command.body ?? {});
  return [
    ['command', `${command.command} ${sent}`],
    ...(request === undefined
      ? []
      : [['caused by', `${request.f} of ${clientName(request.process)}`] as const]),
    ['connection', `${command.connection} of ${command.proxy}`],
    [
      'fate',
      endedMs === null ? fateOf(command) : `${fateOf(command)} after ${(endedMs - startedMs).toFixed(2)} ms`,
    ],
    ...known('value before', values?.before),
    ...known('value after', values?.after),
    ['reply', JSON.stringify(command.reply)],
    ...(error === undefined ? [] : [['error', error] as const]),
    ...(fault === undefined ? [] : [['fault', `${fault.name} (${fault.side}: ${fault.action})`] as const]),
  ];
}

function known(name: string, value: string | null | undefined): StoryEvent['detail'] {
  return value === null || value === undefined ? [] : [[name, value]];
}
