/** `redcliff doctor`: examines this machine, and starts the target of this folder once, undisturbed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { diagnose } from '../doctor/diagnose.ts';
import { renderFindings } from '../doctor/render.ts';
import { tryTarget } from '../doctor/try-target.ts';
import { exitCodes } from '../errors.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { findConfig, loadTarget } from '../target/load-config.ts';
import { addStackOptions, addTargetOptions, type StackFlags, type TargetFlags } from './options.ts';
import { openSession } from './session.ts';

interface DoctorFlags extends StackFlags, TargetFlags {
  readonly start: boolean;
}

export function addDoctorCommand(program: Command): void {
  const doctor = program
    .command('doctor')
    .helpGroup('Environment:')
    .description('check this machine, and start the target once: what is missing, and what to do about it')
    .option('--no-start', 'leave the target alone');
  addTargetOptions(doctor);
  addStackOptions(doctor).action(examine);
}

async function examine(flags: DoctorFlags): Promise<void> {
  const findings = await diagnose();
  console.log(renderFindings(findings));
  if (findings.some(({ state }) => state === 'missing')) {
    process.exitCode = exitCodes.missing;
    return;
  }
  if (!flags.start || (flags.config === undefined && findConfig(process.cwd()) === null)) return;
  const target = await loadTarget(flags, process.cwd());
  await using session = await openSession({ flags: { ...flags, quiet: true }, target, k6: null, needs: [] });
  await using folder = await temporaryFolder(session.host.reaper, 'doctor');
  // The logs stay when the target does not start: the message names them.
  const logs = await mkdtemp(join(tmpdir(), 'redcliff-doctor-logs-'));
  const started = await tryTarget(session.host, { stack: folder.path, logs });
  await rm(logs, { recursive: true });
  console.log(`\n${renderFindings(started)}`);
}
