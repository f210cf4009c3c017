/**
 * k6 in a container: which image, as which user, and with which command line it is run. The container shares the network of this machine,
 * because the target and its proxies listen on loopback only.
 */
import { chown, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { MissingPartError } from '../../errors.ts';
import type { Environment } from '../programs.ts';
import { askEngine, type LocalEngine } from './engine-api.ts';
import { findEngine } from './engine.ts';
import { imageOf } from './images.ts';
import { openContainers } from './containers.ts';
import { ownModule } from '../../setup/own-files.mjs';

export interface K6Container {
  readonly engine: LocalEngine;
  readonly image: string;
  readonly user: ContainerUser;
}

export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
}

/** What of this machine the container sees, under the same paths. */
export interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
}

/** The user of the original image. */
const k6User: ContainerUser = { uid: 12_345, gid: 12_345 };
const program = fileURLToPath(ownModule('./k6-container-program', import.meta.url));
const infoSchema = z.object({
  SecurityOptions: z
    .array(z.string())
    .nullish()
    .transform((given) => given ?? []),
});
const other = 'name a k6 of this machine with --k6 PATH, or take --k6 built-in';

/** Throws `MissingPartError` without an engine that can run it here, or without the image. */
export async function findK6Container(environment: Environment, clock: Clock): Promise<K6Container> {
  const finding = await findEngine(environment);
  if (!finding.found) throw new MissingPartError(finding.reason, `${finding.remedy}; or ${other}`);
  const { address } = finding;
  if (process.platform !== 'linux' || address === null || !isHere(address)) {
    throw new MissingPartError(
      `k6 in a container has to share the network of this machine, which only an engine of this Linux can give it, not ${finding.where}`,
      other,
    );
  }
  const info = await askEngine(address, { method: 'GET', path: '/info' });
  const { SecurityOptions: options } = infoSchema.parse(info);
  if (options.some((option) => option.includes('rootless'))) {
    throw new MissingPartError(
      `the rootless engine at ${finding.where} has a network of its own, from which the target cannot be reached`,
      other,
    );
  }
  await (await openContainers(environment, clock)).pull(['k6']);
  return {
    engine: address,
    image: imageOf('k6', environment),
    user: containerUser(process.getuid?.(), process.getgid?.()),
  };
}

/** The user of the harness, so that it can write where the harness does; the image's own user when that is root. */
export function containerUser(uid: number | undefined, gid: number | undefined): ContainerUser {
  return uid === undefined || gid === undefined || uid === 0 ? k6User : { uid, gid };
}

/** The program that stands for k6 on this machine, and its arguments. */
export function k6ContainerCommand(
  { engine, image, user }: K6Container,
  args: readonly string[],
  mounts: readonly Mount[],
): { readonly command: string; readonly args: string[] } {
  const request: K6ContainerRequest = { engine, image, user, args, mounts };
  return { command: process.execPath, args: [program, JSON.stringify(request)] };
}

export interface K6ContainerRequest extends K6Container {
  readonly args: readonly string[];
  readonly mounts: readonly Mount[];
}

/** Makes the files that k6 is to write, its own where it is another user than the harness. */
export async function prepareOutput({ user }: K6Container, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await writeFile(file, '');
    if (process.getuid?.() !== user.uid) await chown(file, user.uid, user.gid);
  }
}

function isHere(engine: LocalEngine): boolean {
  return 'socketPath' in engine || ['127.0.0.1', '::1', 'localhost'].includes(engine.host);
}
