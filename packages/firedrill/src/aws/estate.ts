import type { Architecture, DeployedResource, Finding, Read } from '../model/index.ts';
import { assert, EMPTY_ARCHITECTURE, hasErrors, versionIn } from '../model/index.ts';
import { LiveError } from '../live/index.ts';
import type { CodeLocation, StackHistory, TemplateSource, TemplateOutline } from '../template/index.ts';
import { outlineTemplate, ReadingMemory, readTemplates } from '../template/index.ts';
import { AwsError } from './aws-error.ts';
import { HandMadeResources, isHandMade } from './hand-made.ts';
import { asJson } from './plain-values.ts';
import { PublishedNumbers } from './published-numbers.ts';

/** Stacks and resources made by hand, as one set of templates. */
export interface Estate {
  /**
   * Makes a resource as a CloudFormation resource with these properties.
   * @returns its physical id.
   * @throws AwsError when the properties describe nothing that can be.
   */
  putResource(resource: {
    readonly region: string;
    /** As `AWS::S3::Bucket`. */
    readonly type: string;
    readonly logicalId?: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }): Promise<string>;
  /** Replaces the properties of a resource, of a stack's too. */
  changeResource(
    physicalId: string,
    properties: Readonly<Record<string, unknown>>,
    which?: WhichResource,
  ): Promise<void>;
  /** Deletes a resource, one that a stack made too: the stack will not know. */
  removeResource(physicalId: string, which?: WhichResource): Promise<void>;
  /** Code that `Code.S3Key` of functions may name from now on, in whatever bucket. */
  addCode(key: string, code: CodeLocation): void;
  /** What it comes to at this moment. */
  architecture(): Architecture;
  /** What is to be said of it: what of its templates the world does not act on. */
  findings(): readonly Finding[];
}

/** Tells resources of one physical id apart: a table and a bucket, or tables in two Regions. */
export interface WhichResource {
  readonly type?: string;
  readonly region?: string;
}

/** What the estate is to become: sources of stacks by their ids, undefined for those that go, and resources made by hand. */
export interface EstateChange {
  readonly stacks?: ReadonlyMap<string, TemplateSource | undefined>;
  readonly handMade?: HandMadeResources;
}

export interface EstateOptions {
  readonly account: string;
  /** Hosted zones that exist from the beginning: id by domain name. */
  readonly zones: Readonly<Record<string, string>>;
  /** Stacks that stand from the beginning, by their ids; the world is theirs already. */
  readonly stacks?: ReadonlyMap<string, TemplateSource>;
  /** Adds to an architecture what only its owner knows, and judges it: code that runs at once, say. */
  readonly finish?: (architecture: Architecture) => Read<Architecture>;
  /**
   * Makes the world that of an architecture.
   * @throws LiveError when it cannot be; the world is as before then.
   */
  readonly become: (architecture: Architecture) => Promise<void>;
}

/** The sources that a world is made of. Changes are made one after the other, each wholly or not at all. */
export class Sources implements Estate {
  private readonly options: EstateOptions;
  private readonly memory = new ReadingMemory();
  private readonly published = new PublishedNumbers();
  private stacks: ReadonlyMap<string, TemplateSource> = new Map();
  private made = new HandMadeResources();
  private readonly uploaded = new Map<string, CodeLocation>();
  private readonly withCode = new WeakMap<
    TemplateSource,
    { readonly uploads: number; readonly source: TemplateSource }
  >();
  private current: Architecture = EMPTY_ARCHITECTURE;
  private said: readonly Finding[] = [];
  private queue: Promise<void> = Promise.resolve();

  constructor(options: EstateOptions) {
    this.options = options;
    this.stacks = options.stacks ?? new Map<string, TemplateSource>();
    ({ value: this.current, findings: this.said } = this.read({}));
  }

  architecture(): Architecture {
    return this.current;
  }

  findings(): readonly Finding[] {
    return this.said;
  }

  handMade(): HandMadeResources {
    return this.made;
  }

  /** What a stack is made of, with all that was done to its resources behind its back. */
  source(stackId: string): TemplateSource | undefined {
    return this.stacks.get(stackId);
  }

  /** What the template of a source says of itself; it is parsed once. */
  outline(source: TemplateSource): TemplateOutline {
    return outlineTemplate(source, { memory: this.memory, source });
  }

  /** Id of the outermost stack that a resource belongs to; empty for one of no stack. */
  stackIdOf({ stack, region }: Pick<DeployedResource, 'stack' | 'region'>): string {
    const outer = this.current.stacks.find((each) => each.name === stack && each.region === region)?.nestedIn;
    if (outer !== undefined) return this.stackIdOf({ stack: outer, region });
    return [...this.stacks].find(([, source]) => source.stack === stack && source.region === region)?.[0] ?? '';
  }

  /** Does something when all that was asked for before is done. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.queue;
    let finished: () => void = () => {};
    this.queue = new Promise((resolve) => (finished = resolve));
    await before;
    try {
      return await work();
    } finally {
      finished();
    }
  }

  /** What the estate would come to. Changes nothing. */
  read(change: EstateChange): Read<Architecture> {
    const { zones, account, finish } = this.options;
    const sources = this.sourcesAfter(change);
    const published = this.current.functions.filter(({ arn }) => versionIn(arn) !== undefined);
    const read = readTemplates({ sources, zones, account, published, memory: this.memory });
    if (finish === undefined || hasErrors(read.findings)) return read;
    const { value, findings } = finish(read.value);
    return { value, findings: [...read.findings, ...findings] };
  }

  /**
   * Makes the estate other, in the caller's turn.
   * @returns what stands against it; nothing has changed then.
   */
  async commit(change: EstateChange): Promise<readonly Finding[]> {
    const { value, findings } = this.read(change);
    const errors = findings.filter(({ weight }) => weight === 'error');
    if (errors.length > 0) return errors;
    try {
      await this.options.become(value);
    } catch (error) {
      if (error instanceof LiveError) return error.findings;
      throw error;
    }
    this.stacks = this.stacksAfter(change);
    this.made = change.handMade ?? this.made;
    this.current = value;
    this.said = findings;
    return [];
  }

  async putResource({ region, type, logicalId, properties }: Parameters<Estate['putResource']>[0]): Promise<string> {
    return await this.inTurn(async () => {
      const id = logicalId ?? this.made.freeId(region, type);
      await this.commitOrRefuse({
        handMade: this.made.with({ region, logicalId: id, type, properties: asJson(properties) }),
      });
      return this.current.resources.find((each) => isHandMade(each) && isAt(each, region, id))?.physicalId ?? '';
    });
  }

  async changeResource(
    physicalId: string,
    properties: Readonly<Record<string, unknown>>,
    which: WhichResource = {},
  ): Promise<void> {
    await this.inTurn(async () => {
      const resource = this.found(physicalId, which);
      const { region, logicalId, type } = resource;
      const value = asJson(properties);
      if (isHandMade(resource)) {
        const known = this.made.get(region, logicalId) ?? { region, logicalId, type };
        await this.commitOrRefuse({ handMade: this.made.with({ ...known, properties: value }) });
      } else {
        await this.changeHistory(resource, (history) => ({
          ...history,
          changedByHand: { ...history.changedByHand, [logicalId]: value },
        }));
      }
    });
  }

  async removeResource(physicalId: string, which: WhichResource = {}): Promise<void> {
    await this.inTurn(async () => {
      const resource = this.found(physicalId, which);
      const { region, logicalId } = resource;
      if (isHandMade(resource)) await this.commitOrRefuse({ handMade: this.made.without(region, logicalId) });
      else {
        await this.changeHistory(resource, (history) => ({
          ...history,
          absent: [...(history.absent ?? []), logicalId],
        }));
      }
    });
  }

  addCode(key: string, code: CodeLocation): void {
    this.uploaded.set(key, code);
  }

  private found(physicalId: string, { type, region }: WhichResource): DeployedResource {
    const resource = this.current.resources.find(
      (each) =>
        each.physicalId === physicalId && (type ?? each.type) === each.type && (region ?? each.region) === each.region,
    );
    if (resource === undefined) throw new AwsError('ResourceNotFoundException', `${physicalId} does not exist`, 404);
    return resource;
  }

  /** A stack's resource is changed behind its back. */
  private async changeHistory(
    { stack, region }: DeployedResource,
    change: (history: StackHistory) => StackHistory,
  ): Promise<void> {
    const stackId = this.stackIdOf({ stack, region });
    const source = this.stacks.get(stackId);
    assert(source !== undefined, `the resource is of a stack of the estate, ${stack} in ${region}`);
    const { nestedHistory = {} } = source;
    const changed =
      source.stack === stack
        ? { ...source, history: change(source.history ?? {}) }
        : { ...source, nestedHistory: { ...nestedHistory, [stack]: change(nestedHistory[stack] ?? {}) } };
    await this.commitOrRefuse({ stacks: new Map([[stackId, changed]]) });
  }

  private async commitOrRefuse(change: EstateChange): Promise<void> {
    const [flaw] = await this.commit(change);
    if (flaw !== undefined) throw new AwsError('ValidationException', flaw.says);
  }

  private sourcesAfter(change: EstateChange): readonly TemplateSource[] {
    const sources = [...(change.handMade ?? this.made).sources(), ...this.stacksAfter(change).values()];
    const whole = this.uploaded.size === 0 ? sources : sources.map((source) => this.withUploads(source));
    return this.published.addTo(whole, this.current);
  }

  /** The same source is the same object as long as nothing is uploaded: readings are remembered by it. */
  private withUploads(source: TemplateSource): TemplateSource {
    const known = this.withCode.get(source);
    if (known?.uploads === this.uploaded.size) return known.source;
    const whole = { ...source, code: { ...source.code, ...Object.fromEntries(this.uploaded) } };
    this.withCode.set(source, { uploads: this.uploaded.size, source: whole });
    return whole;
  }

  private stacksAfter({ stacks }: EstateChange): ReadonlyMap<string, TemplateSource> {
    if (stacks === undefined) return this.stacks;
    const after = new Map(this.stacks);
    for (const [stackId, source] of stacks) {
      if (source === undefined) after.delete(stackId);
      else after.set(stackId, source);
    }
    return after;
  }
}

function isAt({ region, logicalId }: DeployedResource, inRegion: string, id: string): boolean {
  return region === inRegion && logicalId === id;
}
