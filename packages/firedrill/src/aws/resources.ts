import type { DeployedResource } from '../model/index.ts';
import type { PlainValue } from '../engine/index.ts';
import type { Cloud } from './cloud.ts';
import { plainProperties } from './plain-values.ts';

/** Resources of a type, of stacks and made by hand, in the order of the estate; of one Region, or of all. */
export function resourcesOf(cloud: Cloud, type: string, region?: string): readonly DeployedResource[] {
  const { resources } = cloud.world().architecture;
  return resources.filter((resource) => resource.type === type && (region === undefined || resource.region === region));
}

/** The resource of a type by what `Ref` gives. */
export function resourceOf(
  cloud: Cloud,
  type: string,
  physicalId: string,
  region?: string,
): DeployedResource | undefined {
  return resourcesOf(cloud, type, region).find((resource) => resource.physicalId === physicalId);
}

/** The properties of a resource as its template has them, intrinsics evaluated; numbers and booleans are texts. */
export function propertiesOf({ properties }: DeployedResource): Readonly<Record<string, PlainValue>> {
  return plainProperties(properties);
}

/** A property that is text. */
export function textOf(resource: DeployedResource, name: string): string | undefined {
  const value = propertiesOf(resource)[name];
  return typeof value === 'string' ? value : undefined;
}

/** Tags of a resource: lists of `Key` and `Value`, or a map, as some types have it. */
export function tagsOf(
  resource: DeployedResource,
  property = 'Tags',
): readonly { readonly Key: string; readonly Value: string }[] {
  const tags = propertiesOf(resource)[property];
  if (Array.isArray(tags)) {
    return (tags as readonly PlainValue[]).flatMap((tag) =>
      isMap(tag) && typeof tag['Key'] === 'string' ? [{ Key: tag['Key'], Value: textIn(tag['Value']) }] : [],
    );
  }
  return isMap(tags) ? Object.entries(tags).map(([Key, value]) => ({ Key, Value: textIn(value) })) : [];
}

function textIn(value: PlainValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isMap(value: PlainValue | undefined): value is Readonly<Record<string, PlainValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
