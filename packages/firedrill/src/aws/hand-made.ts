import type { DeployedResource } from '../model/index.ts';
import { AwsError } from './aws-error.ts';
import type { Birth, JsonValue, TemplateSource } from '../template/index.ts';

/** A resource that no stack has: made through the API of its service, or left behind by a stack. */
export interface HandMade {
  readonly region: string;
  readonly logicalId: string;
  /** As `AWS::S3::Bucket`. */
  readonly type: string;
  readonly properties: JsonValue;
  /** Of one that a stack left behind: what its identifiers follow from. */
  readonly birth?: Birth;
}

/** Name of the hidden stacks; no stack of a user's can have it. */
const HAND_MADE_STACK = '(by hand)';

/** Resources made by hand in one Region. */
const HAND_MADE_MAX = 10_000;

export function isHandMade({ stack }: Pick<DeployedResource, 'stack'>): boolean {
  return stack === HAND_MADE_STACK;
}

/** All resources made by hand, as a hidden template for each Region. A value: changes give another one. */
export class HandMadeResources {
  private readonly regions: ReadonlyMap<string, HiddenTemplate>;

  constructor(regions: ReadonlyMap<string, HiddenTemplate> = new Map()) {
    this.regions = regions;
  }

  get(region: string, logicalId: string): HandMade | undefined {
    return this.regions.get(region)?.resources.get(logicalId);
  }

  with(resource: HandMade): HandMadeResources {
    const { region, logicalId } = resource;
    const before = this.regions.get(region)?.resources ?? new Map<string, HandMade>();
    if (before.size >= HAND_MADE_MAX && !before.has(logicalId))
      throw new AwsError('LimitExceededException', `More than ${HAND_MADE_MAX} resources in ${region}`);
    return this.withRegion(region, new Map([...before, [logicalId, resource]]));
  }

  without(region: string, logicalId: string): HandMadeResources {
    const resources = new Map(this.regions.get(region)?.resources);
    resources.delete(logicalId);
    return this.withRegion(region, resources);
  }

  /** A logical id that nothing has had yet in the Region, as `HealthCheck3`. */
  freeId(region: string, type: string): string {
    const stem = (type.split('::').at(-1) ?? 'Resource').replaceAll(/[^A-Za-z0-9]/g, '');
    return `${stem}${(this.regions.get(region)?.made ?? 0) + 1}`;
  }

  sources(): readonly TemplateSource[] {
    return [...this.regions.values()].flatMap(({ resources, source }) => (resources.size === 0 ? [] : [source]));
  }

  private withRegion(region: string, resources: ReadonlyMap<string, HandMade>): HandMadeResources {
    // Never the same number twice: identifiers follow from it.
    const made = (this.regions.get(region)?.made ?? 0) + 1;
    return new HandMadeResources(
      new Map([...this.regions, [region, { resources, made, source: sourceOf(region, resources) }]]),
    );
  }
}

interface HiddenTemplate {
  readonly resources: ReadonlyMap<string, HandMade>;
  /** How many changes there were. */
  readonly made: number;
  readonly source: TemplateSource;
}

/** Properties are given beside the template, so that nothing in them is taken for an intrinsic. */
function sourceOf(region: string, resources: ReadonlyMap<string, HandMade>): TemplateSource {
  const all = [...resources.values()];
  return {
    file: `${HAND_MADE_STACK} ${region}`,
    text: JSON.stringify({
      Resources: Object.fromEntries(all.map(({ logicalId, type }) => [logicalId, { Type: type }])),
    }),
    stack: HAND_MADE_STACK,
    region,
    parameters: {},
    code: {},
    history: {
      changedByHand: Object.fromEntries(all.map(({ logicalId, properties }) => [logicalId, properties])),
      births: Object.fromEntries(
        all.flatMap(({ logicalId, birth }): [string, Birth][] => (birth === undefined ? [] : [[logicalId, birth]])),
      ),
    },
  };
}
