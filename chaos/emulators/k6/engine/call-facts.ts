/** What a call of the script is told when it begins. */
import type { CallFacts, Phase, ScenarioFacts, Tags } from '../api/host.ts';
import type { RunState } from './run-state.ts';
import type { ScenarioState } from './scenario-state.ts';
import type { VirtualUser } from './virtual-user.ts';

/** Of setup, teardown and handleSummary, which belong to no scenario. */
export function stageFacts(
  run: RunState,
  vu: VirtualUser,
  phase: Exclude<Phase, 'init' | 'iteration'>,
): CallFacts {
  const group = phase === 'summary' ? '' : `::${phase}`;
  return {
    activation: vu.activation,
    baseTags: baseTagsOf(run, vu, group, undefined),
    environment: run.environment,
    group,
    iteration: 0,
    iterationInScenario: 0,
    iterationInTest: 0,
    phase,
    scenario: undefined,
    tagsIteration: false,
    throwsOnFailure: run.options.throw === true,
  };
}

/** What all iterations of one VU in one scenario have in common. */
export interface Activation {
  readonly number: number;
  readonly baseTags: Tags;
  readonly environment: Readonly<Record<string, string>>;
  readonly scenario: ScenarioFacts;
}

export function activate(run: RunState, vu: VirtualUser, state: ScenarioState): Activation {
  vu.activation += 1;
  vu.scenario = state;
  const { options } = state;
  const hasOwn = Object.keys(options.env).length > 0;
  return {
    baseTags: baseTagsOf(run, vu, '', state),
    environment: hasOwn ? { ...run.environment, ...options.env } : run.environment,
    number: vu.activation,
    scenario: { executor: options.executor, name: options.name, startTimeMs: state.startTimeMs },
  };
}

function baseTagsOf(run: RunState, vu: VirtualUser, group: string, state: ScenarioState | undefined): Tags {
  const { systemTags } = run;
  const tags: Record<string, string> = Object.create(null);
  if (systemTags.has('scenario') && state !== undefined) tags['scenario'] = state.options.name;
  if (systemTags.has('group')) tags['group'] = group;
  if (systemTags.has('vu')) tags['vu'] = String(vu.id);
  for (const [name, value] of Object.entries({ ...run.options.tags, ...state?.options.tags })) {
    if (!(name in tags)) tags[name] = value;
  }
  return tags;
}
