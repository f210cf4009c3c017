/** The tree of groups and checks as the script named them, with k6's ids: the MD5 of the path. */
import { createHash } from 'node:crypto';

export interface CheckCount {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  passes: number;
  fails: number;
}

export class GroupNode {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups = new Map<string, GroupNode>();
  readonly checks = new Map<string, CheckCount>();

  constructor(name: string, path: string) {
    this.name = name;
    this.path = path;
    this.id = md5(path);
  }

  group(name: string): GroupNode {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = new GroupNode(name, joinPath(this.path, name));
      this.groups.set(name, group);
    }
    return group;
  }

  /** The group at a path below this one, made with all between when it is not there. */
  at(path: string): GroupNode {
    return path === ''
      ? this
      : path
          .slice(2)
          .split('::')
          .reduce((group: GroupNode, name) => group.group(name), this);
  }

  check(name: string): CheckCount {
    let check = this.checks.get(name);
    if (check === undefined) {
      const path = joinPath(this.path, name);
      check = { fails: 0, id: md5(path), name, passes: 0, path };
      this.checks.set(name, check);
    }
    return check;
  }
}

function joinPath(parent: string, name: string): string {
  if (name.includes('::')) throw new Error(`group and check names may not contain '::': '${name}'`);
  return `${parent}::${name}`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
