/** `redcliff doctor`: what is here, what is missing, and what to do about it. */
import type { Command } from 'commander';
import { diagnose } from '../doctor/diagnose.ts';
import { renderFindings } from '../doctor/render.ts';
import { exitCodes } from '../errors.ts';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what is here, what is missing, and what to do about it')
    .action(async () => {
      const findings = await diagnose();
      console.log(renderFindings(findings));
      if (findings.some(({ state }) => state === 'missing')) process.exitCode = exitCodes.missing;
    });
}
