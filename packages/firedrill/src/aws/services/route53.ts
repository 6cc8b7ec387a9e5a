import type { Cloud } from '../cloud.ts';
import { HEALTH_CHECK_TYPE, healthCheckHandlers, readingOf } from '../route53/health-checks.ts';
import type { Route53Handlers } from '../route53/route53-handlers.ts';
import { idOf, zoneHandlers, zoneOf } from '../route53/zones.ts';
import { resourceOf, tagsOf } from '../resources.ts';
import { TagBook } from '../tag-book.ts';
import type { Tag } from '../tag-book.ts';

/** Hosted zones, records, health checks. */
export function route53(cloud: Cloud): Route53Handlers {
  return { ...zoneHandlers(cloud), ...healthCheckHandlers(cloud), ...tagHandlers(cloud) };
}

type Operations = 'ListTagsForResource' | 'ListTagsForResources' | 'ChangeTagsForResource';

function tagHandlers(cloud: Cloud): Pick<Route53Handlers, Operations> {
  const book = new TagBook();
  const ownOf = (type: string | undefined, id: string): readonly Tag[] => {
    const isCheck = type === 'healthcheck';
    if (isCheck) readingOf(cloud, id);
    else zoneOf(cloud, id);
    const resource = resourceOf(cloud, isCheck ? HEALTH_CHECK_TYPE : 'AWS::Route53::HostedZone', id);
    return resource === undefined ? [] : tagsOf(resource, isCheck ? 'HealthCheckTags' : 'HostedZoneTags');
  };
  const setOf = (type: 'healthcheck' | 'hostedzone' | undefined, id: string) => ({
    ResourceType: type,
    ResourceId: id,
    Tags: [...book.of(`${type ?? ''}/${id}`, ownOf(type, id))],
  });
  return {
    ListTagsForResource: ({ ResourceType, ResourceId = '' }) => ({
      ResourceTagSet: setOf(ResourceType, idOf(ResourceId)),
    }),
    ListTagsForResources: ({ ResourceType, ResourceIds = [] }) => ({
      ResourceTagSets: ResourceIds.map((id) => setOf(ResourceType, idOf(id))),
    }),
    ChangeTagsForResource: ({ ResourceType, ResourceId = '', AddTags = [], RemoveTagKeys = [] }) => {
      const id = idOf(ResourceId);
      const add = AddTags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
      book.change(`${ResourceType ?? ''}/${id}`, ownOf(ResourceType, id), add, RemoveTagKeys);
      return {};
    },
  };
}
