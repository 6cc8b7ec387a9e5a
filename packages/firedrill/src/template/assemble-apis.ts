import type { ApiDomainName, ApiMapping, RestApi, RestMethod, RestResource } from '../model/index.ts';
import type { Draft, DraftApi, DraftApiDomainName, DraftApiResource } from './draft.ts';
import type { Teller } from './teller.ts';

/** APIs with their resources as full paths, methods, stages and custom domain names. */
export function assembleApis(
  draft: Draft,
  tell: Teller,
): { readonly restApis: readonly RestApi[]; readonly apiDomainNames: readonly ApiDomainName[] } {
  tellStrays(draft, tell);
  return {
    restApis: draft.apis.map((api) => restApiOf(api, draft, tell)),
    apiDomainNames: draft.apiDomainNames.map((name) => domainNameOf(name, draft, tell)),
  };
}

/** Parts that name an API which no template makes. */
function tellStrays(draft: Draft, tell: Teller): void {
  const known = new Set(draft.apis.map(({ id }) => id));
  for (const [what, parts] of [
    ['resource', draft.apiResources],
    ['method', draft.apiMethods],
    ['stage', draft.apiStages],
  ] as const) {
    for (const { apiId, at } of parts) {
      if (known.has(apiId)) continue;
      tell.warning(
        'template/not-acted-on',
        at,
        `This ${what} belongs to the API ${apiId}, which is in no template read; it is left out.`,
        {
          remedy: 'Give the template of the API too.',
        },
      );
    }
  }
}

function restApiOf(api: DraftApi, draft: Draft, tell: Teller): RestApi {
  const paths = pathsOf(api, draft, tell);
  const resources = [...paths].map(([id, path]): RestResource => ({
    id,
    path,
    methods: methodsOf(api, id, draft, tell),
  }));
  const methodless = draft.apiMethods.filter(({ apiId, resourceId }) => apiId === api.id && !paths.has(resourceId));
  for (const { resourceId, at } of methodless) {
    tell.error('template/property', at, `ResourceId ${resourceId} is no resource of this API.`);
  }
  const deployments = draft.apiDeployments.filter(({ apiId }) => apiId === api.id).map(({ id }) => id);
  const stages = draft.apiStages.filter(({ apiId }) => apiId === api.id);
  for (const { deploymentId, name } of stages) {
    if (deployments.includes(deploymentId.value)) continue;
    tell.error(
      'template/property',
      deploymentId.at,
      `The stage ${name} names the deployment ${deploymentId.value}, which this API does not have.`,
    );
  }
  if (stages.length === 0) {
    tell.warning(
      'template/property',
      api.at,
      `The API ${api.name} has no stage, so it answers every request with 403.`,
      {
        facts: ['RS 3.13'],
      },
    );
  }
  return {
    id: api.id,
    name: api.name,
    region: api.region,
    resources,
    stages: uniqueBy(
      stages,
      ({ name }) => name,
      ({ name, at }) => {
        tell.error('template/property', at, `The API ${api.name} has two stages ${name}.`);
      },
    ).map(({ name, deploymentId, variables }) => ({ name, deploymentId: deploymentId.value, variables })),
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    stack: api.stack,
    place: api.at,
  };
}

/** Full paths by resource id; the root is `/`. */
function pathsOf(api: DraftApi, draft: Draft, tell: Teller): ReadonlyMap<string, string> {
  const own = draft.apiResources.filter(({ apiId }) => apiId === api.id);
  const byId = new Map(own.map((resource) => [resource.id, resource]));
  const paths = new Map([[api.rootResourceId, '/']]);
  const seen = new Set<string>();
  for (const resource of own) {
    const path = pathOf(resource, { api, byId });
    if (path === undefined) {
      tell.error('template/property', resource.at, `ParentId ${resource.parentId} is no resource of this API.`);
    } else if (seen.has(path)) {
      tell.error('template/property', resource.at, `The API has two resources with the path ${path}.`);
    } else {
      seen.add(path);
      paths.set(resource.id, path);
    }
  }
  return paths;
}

function pathOf(
  resource: DraftApiResource,
  { api, byId }: { readonly api: DraftApi; readonly byId: ReadonlyMap<string, DraftApiResource> },
): string | undefined {
  const parts = [resource.pathPart];
  let { parentId } = resource;
  // Parents are created before their children, so there is no circle; the count is a belt to that brace.
  while (parentId !== api.rootResourceId && parts.length <= byId.size) {
    const parent = byId.get(parentId);
    if (parent === undefined) return undefined;
    parts.unshift(parent.pathPart);
    parentId = parent.parentId;
  }
  return `/${parts.join('/')}`;
}

function methodsOf(api: DraftApi, resourceId: string, draft: Draft, tell: Teller): RestResource['methods'] {
  const own = draft.apiMethods.filter((method) => method.apiId === api.id && method.resourceId === resourceId);
  const unique = uniqueBy(
    own,
    ({ httpMethod }) => httpMethod,
    ({ httpMethod, at }) => {
      tell.error('template/property', at, `The resource has two methods ${httpMethod}.`);
    },
  );
  return unique.flatMap(({ httpMethod, integration, at }): RestMethod[] => {
    if (integration.kind !== 'lambda-proxy') return [{ httpMethod, integration }];
    const { functionArn } = integration;
    const arn = draft.functionAliases.get(functionArn) ?? functionArn;
    if (draft.functions.some((each) => each.arn === arn))
      return [{ httpMethod, integration: { ...integration, functionArn: arn } }];
    // A function that could not be read has been told, and with it what becomes of the method.
    if (!draft.functionsLeftOut.has(arn)) {
      tell.error(
        'template/unresolved-reference',
        at,
        `The method calls the function ${arn}, which is in no template read.`,
        {
          remedy: 'Give the template of the function too.',
        },
      );
    }
    return [];
  });
}

function domainNameOf(name: DraftApiDomainName, draft: Draft, tell: Teller): ApiDomainName {
  const own = draft.apiMappings.filter((each) => each.domainName === name.name && each.region === name.region);
  const mappings = own.flatMap(({ path, apiId, stage, at }): ApiMapping[] => {
    if (stage === undefined) {
      const says = 'Firedrill does not act on mappings without Stage, where the path names the stage; it is left out.';
      tell.warning('template/not-acted-on', at, says, { remedy: 'Name the stage.' });
      return [];
    }
    const stages = [...draft.apiStages, ...draft.http.stages].filter((each) => each.apiId === apiId);
    if ([...draft.apis, ...draft.http.apis].some(({ id, region }) => id === apiId && region === name.region)) {
      if (!stages.some((each) => each.name === stage)) {
        tell.error(
          'template/property',
          at,
          `The mapping names the stage ${stage}, which the API ${apiId} does not have.`,
        );
      }
      return [{ path, apiId, stage }];
    }
    tell.warning(
      'template/not-acted-on',
      at,
      `The mapping names the API ${apiId}, which is no API of the templates read; it is left out.`,
    );
    return [];
  });
  if (own.length === 0) {
    tell.warning(
      'template/property',
      name.at,
      `The domain name ${name.name} has no mapping, so it answers every request with 403.`,
      {
        facts: ['RS 3.42'],
      },
    );
  }
  return {
    name: name.name,
    region: name.region,
    regionalDomainName: name.regionalDomainName,
    regionalHostedZoneId: name.regionalHostedZoneId,
    ...(name.certificateArn === undefined ? {} : { certificateArn: name.certificateArn }),
    mappings,
    stack: name.stack,
    place: name.at,
  };
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string, twice: (item: T) => void): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    if (seen.has(key)) {
      twice(item);
      return false;
    }
    seen.add(key);
    return true;
  });
}
