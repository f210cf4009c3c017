/**
 * A B+-tree holding a set of strings in order: the structure behind every index. Its leaves are linked, and a walk
 * goes on correctly when entries are added or removed meanwhile, because cursors live longer than one command.
 */
const nodeCapacity = 64;
const mergeBelow = nodeCapacity / 4;

interface Leaf {
  readonly isLeaf: true;
  keys: string[];
  previous: Leaf | undefined;
  next: Leaf | undefined;
}

/** `children[i]` holds what is less than `keys[i]`, `children[i + 1]` what is not. */
interface Branch {
  readonly isLeaf: false;
  keys: string[];
  children: Node[];
}

type Node = Leaf | Branch;

export class SortedKeys {
  #root: Node = newLeaf([]);
  #size = 0;
  /** Grows with every change, so that a walk notices that its place in a leaf may have moved. */
  #changes = 0;

  get size(): number {
    return this.#size;
  }

  /** Replaces the content by `keys`, which must ascend strictly. */
  load(keys: readonly string[]): void {
    const leaves: Leaf[] = [];
    for (let from = 0; from < keys.length; from += nodeCapacity) {
      const leaf = newLeaf(keys.slice(from, from + nodeCapacity));
      linkAfter(leaves.at(-1), leaf);
      leaves.push(leaf);
    }
    let level: { first: string; node: Node }[] = leaves.map((node) => ({ first: node.keys[0] ?? '', node }));
    while (level.length > 1) {
      const parents: typeof level = [];
      for (let from = 0; from < level.length; from += nodeCapacity) {
        const group = level.slice(from, from + nodeCapacity);
        const keysOfGroup = group.slice(1).map((child) => child.first);
        const node: Branch = { isLeaf: false, keys: keysOfGroup, children: group.map((child) => child.node) };
        parents.push({ first: group[0]?.first ?? '', node });
      }
      level = parents;
    }
    this.#root = level[0]?.node ?? newLeaf([]);
    this.#size = keys.length;
    this.#changes += 1;
  }

  has(key: string): boolean {
    const leaf = this.#leafOf(key);
    return leaf.keys[lowerBound(leaf.keys, key)] === key;
  }

  /** Adds the key; false when it was there. */
  add(key: string): boolean {
    const path: Branch[] = [];
    const leaf = this.#leafOf(key, path);
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] === key) return false;
    leaf.keys.splice(at, 0, key);
    this.#size += 1;
    this.#changes += 1;
    if (leaf.keys.length > nodeCapacity) this.#splitLeaf(leaf, at, path);
    return true;
  }

  /** Removes the key; false when it was not there. */
  delete(key: string): boolean {
    const path: Branch[] = [];
    const leaf = this.#leafOf(key, path);
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] !== key) return false;
    leaf.keys.splice(at, 1);
    this.#size -= 1;
    this.#changes += 1;
    if (leaf.keys.length < mergeBelow) this.#shrink(leaf, path);
    return true;
  }

  /** Keys from `from` (included) up to `to` (excluded), ascending. */
  *ascending(from: string, to: string): IterableIterator<string> {
    let leaf: Leaf | undefined = this.#leafOf(from);
    let at = lowerBound(leaf.keys, from);
    while (leaf !== undefined) {
      const key: string | undefined = leaf.keys[at];
      if (key === undefined) {
        leaf = leaf.next;
        at = 0;
        continue;
      }
      if (key >= to) return;
      const changes = this.#changes;
      yield key;
      if (changes === this.#changes) {
        at += 1;
      } else {
        leaf = this.#leafOf(key);
        at = upperBound(leaf.keys, key);
      }
    }
  }

  /** The same keys, descending. */
  *descending(from: string, to: string): IterableIterator<string> {
    let leaf: Leaf | undefined = this.#leafOf(to);
    let at = lowerBound(leaf.keys, to) - 1;
    while (leaf !== undefined) {
      const key: string | undefined = leaf.keys[at];
      if (key === undefined) {
        leaf = leaf.previous;
        at = (leaf?.keys.length ?? 0) - 1;
        continue;
      }
      if (key < from) return;
      const changes = this.#changes;
      yield key;
      if (changes === this.#changes) {
        at -= 1;
      } else {
        leaf = this.#leafOf(key);
        at = lowerBound(leaf.keys, key) - 1;
      }
    }
  }

  #leafOf(key: string, path?: Branch[]): Leaf {
    let node = this.#root;
    while (!node.isLeaf) {
      path?.push(node);
      node = childAt(node, upperBound(node.keys, key));
    }
    return node;
  }

  /** Keys that arrive in ascending order leave full leaves behind; others split theirs in the middle. */
  #splitLeaf(leaf: Leaf, insertedAt: number, path: Branch[]): void {
    const isAppend = leaf.next === undefined && insertedAt === leaf.keys.length - 1;
    const at = isAppend ? leaf.keys.length - 1 : leaf.keys.length >> 1;
    const right = newLeaf(leaf.keys.slice(at));
    leaf.keys = leaf.keys.slice(0, at);
    linkAfter(leaf, right);
    this.#addChild(path, right.keys[0] ?? '', leaf, right);
  }

  #addChild(path: Branch[], separator: string, left: Node, right: Node): void {
    const parent = path.pop();
    if (parent === undefined) {
      this.#root = { isLeaf: false, keys: [separator], children: [left, right] };
      return;
    }
    const at = upperBound(parent.keys, separator);
    parent.keys.splice(at, 0, separator);
    parent.children.splice(at + 1, 0, right);
    if (parent.children.length <= nodeCapacity) return;
    const middle = at === parent.keys.length - 1 ? parent.keys.length - 1 : parent.keys.length >> 1;
    const promoted = parent.keys[middle] ?? '';
    const sibling: Branch = {
      isLeaf: false,
      keys: parent.keys.slice(middle + 1),
      children: parent.children.slice(middle + 1),
    };
    parent.keys = parent.keys.slice(0, middle);
    parent.children = parent.children.slice(0, middle + 1);
    this.#addChild(path, promoted, parent, sibling);
  }

  /** Joins a node that became small with a neighbour under the same parent, where both fit into one. */
  #shrink(node: Node, path: Branch[]): void {
    const parent = path.pop();
    if (parent === undefined) {
      while (!this.#root.isLeaf && this.#root.children.length === 1) this.#root = childAt(this.#root, 0);
      return;
    }
    const at = parent.children.indexOf(node);
    const leftAt = at > 0 ? at - 1 : at;
    const left = parent.children[leftAt];
    const right = parent.children[leftAt + 1];
    if (left !== undefined && right !== undefined) {
      if (weight(left) + weight(right) > nodeCapacity - mergeBelow) return;
      join(left, right, parent.keys[leftAt] ?? '');
      parent.keys.splice(leftAt, 1);
      parent.children.splice(leftAt + 1, 1);
    }
    if (parent.children.length < mergeBelow) this.#shrink(parent, path);
  }
}

function join(left: Node, right: Node, separator: string): void {
  if (left.isLeaf && right.isLeaf) {
    left.keys = [...left.keys, ...right.keys];
    left.next = right.next;
    if (right.next !== undefined) right.next.previous = left;
  } else if (!left.isLeaf && !right.isLeaf) {
    left.keys = [...left.keys, separator, ...right.keys];
    left.children = [...left.children, ...right.children];
  }
}

function weight(node: Node): number {
  return node.isLeaf ? node.keys.length : node.children.length;
}

function newLeaf(keys: string[]): Leaf {
  return { isLeaf: true, keys, previous: undefined, next: undefined };
}

function linkAfter(left: Leaf | undefined, right: Leaf): void {
  if (left === undefined) return;
  right.previous = left;
  right.next = left.next;
  if (left.next !== undefined) left.next.previous = right;
  left.next = right;
}

function childAt(branch: Branch, index: number): Node {
  const child = branch.children[index];
  if (child === undefined) throw new RangeError('a branch has one child more than keys');
  return child;
}

/** Index of the first key that is not less than `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first key that is greater than `key`. */
function upperBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
