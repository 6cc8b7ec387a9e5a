import type { Finding } from '../model/index.ts';
import type { Estate } from './estate.ts';
import { emptyEstate } from './estate.ts';
import type { Node } from './node.ts';
import type { Traffic } from './stack-order.ts';
import type { Teller } from './teller.ts';
import { createTeller, retell } from './teller.ts';
import type { TemplateSource } from './template-source.ts';

/**
 * What earlier readings found out about templates, so that an estate that grows by one stack reads one stack. It goes by the
 * identity of {@link TemplateSource}s: whoever changes a template gives a new source. Nothing keeps a source that its owner dropped.
 */
export class ReadingMemory {
  readonly #remembered = new WeakMap<TemplateSource, Remembered>();

  /** @internal */
  of(source: TemplateSource): Remembered {
    const found = this.#remembered.get(source);
    if (found !== undefined) return found;
    const made: Remembered = {};
    this.#remembered.set(source, made);
    return made;
  }
}

interface Remembered {
  parsed?: { readonly root: Node | undefined; readonly findings: readonly Finding[] };
  traffic?: Traffic;
  deployed?: Deployed;
}

/** A stack as it was read, and whether all that it took from others meanwhile is in an estate as it was. */
interface Deployed {
  readonly part: Estate;
  readonly holdsIn: (estate: Estate) => boolean;
}

/** Does once for each source what gives the same every time. */
export function rememberedParse(
  memory: ReadingMemory,
  source: TemplateSource,
  parse: (tell: Teller) => Node | undefined,
  tell: Teller,
): Node | undefined {
  const remembered = memory.of(source);
  if (remembered.parsed === undefined) {
    const own = createTeller();
    const root = parse(own);
    remembered.parsed = { root, findings: own.findings };
  }
  retell(remembered.parsed.findings, tell);
  return remembered.parsed.root;
}

/** What a source gives and takes, surveyed once for as long as it stays the same. */
export function rememberedTraffic(memory: ReadingMemory, source: TemplateSource, survey: () => Traffic): Traffic {
  const remembered = memory.of(source);
  remembered.traffic ??= survey();
  return remembered.traffic;
}

/**
 * Reads a stack by itself and adds what came of it to the estate; the next time it is only added, unless a value that it took from
 * others has changed.
 */
export function deployRemembered(
  memory: ReadingMemory,
  source: TemplateSource,
  estate: Estate,
  deploy: (part: Estate) => void,
): void {
  const remembered = memory.of(source);
  const before = remembered.deployed;
  const deployed = before?.holdsIn(estate) === true ? before : deployApart(estate, deploy);
  remembered.deployed = deployed;
  const { part } = deployed;
  retell(part.tell.findings, estate.tell);
  estate.stacks.push(...part.stacks);
  estate.resources.push(...part.resources);
  estate.ignores.push(...part.ignores);
  addInto(estate.draft, part.draft);
  for (const [key, value] of part.ssm) estate.ssm.set(key, value);
  for (const [key, value] of part.exports) estate.exports.set(key, value);
  for (const [key, value] of part.outputs) estate.outputs.set(key, value);
}

function deployApart(estate: Estate, deploy: (part: Estate) => void): Deployed {
  const ssm = new AskingMap(estate.ssm);
  const exported = new AskingMap(estate.exports);
  const outputs = new AskingMap(estate.outputs);
  // An instance's zone is the one of its subnet, which may be in another stack.
  const subnetZones = new AskingMap(estate.draft.balancing.subnetZones);
  const { account, lenient } = estate;
  const empty = emptyEstate({ tell: createTeller(), account, lenient });
  const draft = { ...empty.draft, balancing: { ...empty.draft.balancing, subnetZones } };
  const part: Estate = { ...empty, draft, ssm, exports: exported, outputs };
  deploy(part);
  for (const map of [ssm, exported, outputs, subnetZones]) map.settle();
  return {
    part,
    holdsIn: (other) =>
      ssm.holdsOver(other.ssm) &&
      exported.holdsOver(other.exports) &&
      outputs.holdsOver(other.outputs) &&
      subnetZones.holdsOver(other.draft.balancing.subnetZones),
  };
}

/**
 * A map over another one that writes into itself, and remembers what it found in the other. Whoever goes through all of it, which
 * happens to tell of a value that is missing, makes it stale at once.
 */
class AskingMap<V> extends Map<string, V> {
  readonly #under: ReadonlyMap<string, V>;
  readonly #found = new Map<string, V | undefined>();
  #isSettled = false;
  #wentThroughAll = false;

  constructor(under: ReadonlyMap<string, V>) {
    super();
    this.#under = under;
  }

  override get(key: string): V | undefined {
    const own = super.get(key);
    if (own !== undefined) return own;
    const found = this.#under.get(key);
    this.#found.set(key, found);
    return found;
  }

  override has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  override keys(): MapIterator<string> {
    return this.#all().keys();
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.#all()[Symbol.iterator]();
  }

  /** From now on it is gone through for what it holds itself. */
  settle(): void {
    this.#isSettled = true;
  }

  /** Whether over another map it would have found the same. */
  holdsOver(under: ReadonlyMap<string, V>): boolean {
    return !this.#wentThroughAll && [...this.#found].every(([key, value]) => under.get(key) === value);
  }

  #all(): Map<string, V> {
    const own = new Map(super.entries());
    if (this.#isSettled) return own;
    this.#wentThroughAll = true;
    return new Map([...this.#under, ...own]);
  }
}

/** Adds the lists, sets and maps of one draft to those of another, at every depth. */
function addInto(target: object, part: object): void {
  const values: Readonly<Record<string, unknown>> = { ...part };
  for (const [key, into] of Object.entries(target) as [string, unknown][]) {
    const from = values[key];
    if (Array.isArray(into) && Array.isArray(from)) for (const item of from) into.push(item);
    else if (into instanceof Set && from instanceof Set) for (const item of from) into.add(item);
    else if (into instanceof Map && from instanceof Map) for (const [name, item] of from) into.set(name, item);
    else if (typeof into === 'object' && into !== null && typeof from === 'object' && from !== null)
      addInto(into, from);
  }
}
