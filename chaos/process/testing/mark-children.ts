/** Runs in each worker before its tests: from then on what they start carries the mark by which the run's reaper finds it. */
import { runIdVariable } from '../run-id.ts';
import { testRunVariable } from './test-run-id.ts';

const runId = process.env[testRunVariable];
if (runId !== undefined) process.env[runIdVariable] = runId;
