/** All that a configuration file and what it imports may use. */
export type {
  Backlog,
  BacklogState,
  CapacityEntity,
  CapacityMix,
  CapacityProfile,
  CapacityRequest,
  CapacityRoute,
  ConnectionPool,
  GrowthCampaign,
  GrowthContext,
  GrowthFindings,
  GrowthMeasurement,
  MetricSamples,
  TargetMetrics,
  UserModel,
} from './capacity.ts';
export { defineScenario, defineTarget, type ScenarioDefinition, type Target } from './define.ts';
export {
  type ActiveFault,
  defineFault,
  type Effect,
  type Fault,
  type FaultContext,
  type FaultDefinition,
  onlyOnce,
  runningWithRole,
} from './fault.ts';
export type { CellVariant, Edit, Mutant } from './mutant.ts';
export { noFault, type Scenario } from './scenario.ts';
export type {
  HttpAnswer,
  HttpClient,
  Json,
  JsonObject,
  SeedContext,
  TargetContext,
  TargetProcess,
  TargetProcesses,
} from './context.ts';
export type {
  AttachedTarget,
  CallFault,
  Dependency,
  DocumentChange,
  FencedWriteFollower,
  GivenAddresses,
  HealthProbe,
  ProcessRole,
  TargetDefinition,
} from './target.ts';
export { until } from '../until.ts';
export {
  allOf,
  type Checker,
  conclude,
  type Finding,
  type Rule,
  ruleOf,
} from '../../reports/checkers/checker.ts';
export { availability, type AvailabilityOptions } from '../../reports/checkers/availability.ts';
export { cacheAgrees, type CacheAgreesOptions, type CacheKey } from '../../reports/checkers/cache-agrees.ts';
export { conserved, type ConservedOptions } from '../../reports/checkers/conserved.ts';
export { deadline } from '../../reports/checkers/deadline.ts';
export { defaultInvariants } from '../../reports/checkers/defaults.ts';
export { exactlyOnce, type ExactlyOnceOptions } from '../../reports/checkers/exactly-once.ts';
export { growth, type GrowthLimit, type GrowthOptions } from '../../reports/checkers/growth.ts';
export { honestOutcomes } from '../../reports/checkers/honest-outcomes.ts';
export { lastWrite, type LastWriteOptions } from '../../reports/checkers/last-write.ts';
export {
  linearizable,
  type LinearizableOptions,
  type ObjectModel,
} from '../../reports/checkers/linearizable.ts';
export { lockReleased, type LockReleasedOptions } from '../../reports/checkers/lock-released.ts';
export {
  type HeldByClients,
  mutualExclusion,
  type MutualExclusionOptions,
} from '../../reports/checkers/mutual-exclusion.ts';
export { noStaleReads, type NoStaleReadsOptions } from '../../reports/checkers/no-stale-reads.ts';
export { noUnexpectedExit, type NoUnexpectedExitOptions } from '../../reports/checkers/no-unexpected-exit.ts';
export { preserved, type PreservedOptions } from '../../reports/checkers/preserved.ts';
export {
  progressAfterHeal,
  type ProgressAfterHealOptions,
} from '../../reports/checkers/progress-after-heal.ts';
export { recoveryTime, type RecoveryTimeOptions } from '../../reports/checkers/recovery-time.ts';
export { restReached } from '../../reports/checkers/rest-reached.ts';
export {
  monotonicReads,
  type MonotonicReadsOptions,
  readYourWrites,
  type ReadYourWritesOptions,
} from '../../reports/checkers/session-reads.ts';
export { counted, type CountedOptions } from '../../reports/checkers/tally.ts';
export { unique, type UniqueOptions } from '../../reports/checkers/unique.ts';
export type { Evidence } from '../../reports/record/evidence.ts';
export type { Operation } from '../../reports/history/operation.ts';
export { type FinalState, invariant, type InvariantDefinition, type Violation } from './invariant.ts';
