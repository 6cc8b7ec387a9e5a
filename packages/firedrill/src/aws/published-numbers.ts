import type { Architecture, DeployedResource, Stack } from '../model/index.ts';
import { unqualifiedFunctionArn } from '../model/index.ts';
import type { PublishedVersion, PublishedVersions, TemplateSource } from '../template/index.ts';
import { plainProperties } from './plain-values.ts';

/** Tells templates that publish versions of functions which numbers there are: a number once given is never another version's. */
export class PublishedNumbers {
  /** The same source with the same numbers is the same object: readings are remembered by it. */
  private readonly told = new WeakMap<TemplateSource, { readonly key: string; readonly source: TemplateSource }>();
  private readonly publishing = new WeakMap<TemplateSource, boolean>();
  /** By ARN of the function; outlasts versions that are gone. */
  private readonly last = new Map<string, number>();

  addTo(sources: readonly TemplateSource[], { resources, stacks }: Architecture): readonly TemplateSource[] {
    const versions = resources.filter(({ type }) => type === 'AWS::Lambda::Version');
    if (versions.length === 0 && this.last.size === 0) return sources;
    for (const { physicalId: arn } of versions) this.remember(unqualifiedFunctionArn(arn), numberOf(arn));
    return sources.map((source) => (this.publishes(source) ? this.tell(source, versions, stacks) : source));
  }

  private remember(functionArn: string, number: number): void {
    this.last.set(functionArn, Math.max(number, this.last.get(functionArn) ?? 0));
  }

  private publishes(source: TemplateSource): boolean {
    const known = this.publishing.get(source) ?? publishesIn(source);
    this.publishing.set(source, known);
    return known;
  }

  private tell(
    source: TemplateSource,
    versions: readonly DeployedResource[],
    stacks: readonly Stack[],
  ): TemplateSource {
    const { stack, region } = source;
    const own = versions.filter((each) => each.stack === stack && (region === undefined || each.region === region));
    const nested = nestedNames(stacks, stack, region).map((name) => {
      const within = versions.filter((each) => each.stack === name && (region === undefined || each.region === region));
      return [name, byLogicalId(within)] as const;
    });
    const published: PublishedVersions = {
      versions: byLogicalId(own),
      ...(nested.length === 0 ? {} : { nested: Object.fromEntries(nested) }),
      last: Object.fromEntries(this.last),
    };
    const key = JSON.stringify(published);
    const known = this.told.get(source);
    if (known?.key === key) return known.source;
    const whole = { ...source, published };
    this.told.set(source, { key, source: whole });
    return whole;
  }
}

/** What makes versions in templates: the resource itself, and what SAM makes it of. */
const PUBLISHING = /AWS::Lambda::Version|AutoPublishAlias/;

/** Templates of nested stacks are among its code. */
function publishesIn({ text, code }: TemplateSource): boolean {
  return [text, ...Object.values(code).map((each) => each.text ?? '')].some((each) => PUBLISHING.test(each));
}

/** Stacks that are nested in one, at every depth. */
function nestedNames(stacks: readonly Stack[], outer: string, region: string | undefined): readonly string[] {
  const within = stacks.filter((each) => each.nestedIn === outer && (region === undefined || each.region === region));
  return within.flatMap(({ name }) => [name, ...nestedNames(stacks, name, region)]);
}

function byLogicalId(versions: readonly DeployedResource[]): Readonly<Record<string, PublishedVersion>> {
  return Object.fromEntries(versions.map((version) => [version.logicalId, publishedAs(version)]));
}

function publishedAs({ physicalId: arn, properties }: DeployedResource): PublishedVersion {
  const description = plainProperties(properties)['Description'];
  return {
    functionArn: unqualifiedFunctionArn(arn),
    number: numberOf(arn),
    description: typeof description === 'string' ? description : '',
  };
}

function numberOf(arn: string): number {
  return Number(arn.split(':').at(-1));
}
