import type { AttributeValue, Item } from './attribute-value.ts';
import { itemOf } from './attribute-value.ts';
import type { Path } from './paths.ts';
import { invalid } from './refusal.ts';

/** A value taken apart, to be changed inside. */
type Tree =
  | { readonly kind: 'map'; readonly entries: Map<string, Tree> }
  | {
      readonly kind: 'list';
      /** Undefined: removed. */
      readonly items: (Tree | undefined)[];
      /** Put behind the end, each with the place it was meant for. */
      readonly behind: { readonly place: number; readonly tree: Tree }[];
    }
  | { readonly kind: 'leaf'; readonly value: AttributeValue };

/** An item that is being changed. Places in lists are those of the item as it was. */
export class WorkingCopy {
  private readonly root: Map<string, Tree>;

  constructor(item: Item) {
    this.root = entriesOf(item);
  }

  /** @throws Refusal when what should hold the value is not there. */
  set(path: Path, value: AttributeValue): void {
    const [holder, step] = this.holderOf(path);
    if (holder.kind === 'map' && typeof step === 'string') holder.entries.set(step, treeOf(value));
    else if (holder.kind === 'list' && typeof step === 'number') {
      if (step < holder.items.length) holder.items[step] = treeOf(value);
      else holder.behind.push({ place: step, tree: treeOf(value) });
    } else throw notForUpdate();
  }

  remove(path: Path): void {
    const [holder, step] = this.holderOf(path);
    if (holder.kind === 'map' && typeof step === 'string') holder.entries.delete(step);
    else if (holder.kind !== 'list' || typeof step !== 'number') throw notForUpdate();
    else if (step < holder.items.length) holder.items[step] = undefined;
  }

  /** As it has become. */
  item(): Item {
    return itemFrom(this.root);
  }

  private holderOf(path: Path): readonly [holder: Tree, step: string | number] {
    let holder: Tree | undefined = { kind: 'map', entries: this.root };
    for (const step of path.slice(0, -1)) {
      if (holder?.kind === 'map' && typeof step === 'string') holder = holder.entries.get(step);
      else if (holder?.kind === 'list' && typeof step === 'number') holder = holder.items[step];
      else holder = undefined;
    }
    const last = path.at(-1);
    if (holder === undefined || last === undefined) throw notForUpdate();
    return [holder, last];
  }
}

function notForUpdate(): Error {
  return invalid('The document path provided in the update expression is invalid for update');
}

function entriesOf(item: Item): Map<string, Tree> {
  return new Map(Object.entries(item).map(([name, value]) => [name, treeOf(value)]));
}

function treeOf(value: AttributeValue): Tree {
  if ('M' in value) return { kind: 'map', entries: entriesOf(value.M) };
  if ('L' in value) return { kind: 'list', items: value.L.map(treeOf), behind: [] };
  return { kind: 'leaf', value };
}

function itemFrom(entries: ReadonlyMap<string, Tree>): Item {
  return itemOf([...entries].map(([name, tree]) => [name, valueFrom(tree)] as const));
}

function valueFrom(tree: Tree): AttributeValue {
  switch (tree.kind) {
    case 'map':
      return { M: itemFrom(tree.entries) };
    case 'list': {
      const left = tree.items.filter((item) => item !== undefined);
      const behind = tree.behind.toSorted((a, b) => a.place - b.place).map((one) => one.tree);
      return { L: [...left, ...behind].map(valueFrom) };
    }
    case 'leaf':
      return tree.value;
  }
}
