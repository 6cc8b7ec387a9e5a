import type { FunctionUrl, HttpApi, HttpApiIntegration, HttpApiRoute, Place } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { DraftHttpApi } from './http-api-draft.ts';
import type { Teller } from './teller.ts';

/** HTTP APIs with their routes and stages, and function URLs with the functions that they call. */
export function assembleHttpApis(
  draft: Draft,
  tell: Teller,
): { readonly httpApis: readonly HttpApi[]; readonly functionUrls: readonly FunctionUrl[] } {
  tellStrays(draft, tell);
  return {
    httpApis: draft.http.apis.map((api) => httpApiOf(api, draft, tell)),
    functionUrls: draft.http.functionUrls.flatMap(({ at, ...url }): FunctionUrl[] => {
      const functionArn = knownFunction(url.functionArn, at, draft, tell);
      return functionArn === undefined ? [] : [{ ...url, functionArn }];
    }),
  };
}

/** Parts that name an API which no template makes. */
function tellStrays({ http }: Draft, tell: Teller): void {
  const known = new Set(http.apis.map(({ id }) => id));
  const parts = [
    ...http.routes.map(({ apiId, at }) => ({ apiId, at, what: 'route' })),
    ...http.stages.map(({ apiId, at }) => ({ apiId, at, what: 'stage' })),
  ];
  for (const { apiId, at, what } of parts) {
    if (known.has(apiId)) continue;
    const says = `This ${what} belongs to the API ${apiId}, which is no HTTP API of the templates read; it is left out.`;
    tell.warning('template/not-acted-on', at, says, { remedy: 'Give the template of the API too.' });
  }
}

function httpApiOf(api: DraftHttpApi, draft: Draft, tell: Teller): HttpApi {
  const { id, name, region, cors, disableExecuteApiEndpoint, stack, at } = api;
  const stages = draft.http.stages.filter(({ apiId }) => apiId === id);
  if (stages.length === 0) {
    const says = `The API ${name} has no stage, so it answers every request with 404.`;
    tell.warning('template/property', at, says, { facts: ['RS 3.29'] });
  }
  return {
    id,
    name,
    region,
    routes: routesOf(api, draft, tell),
    stages: stages.map(({ name: stage, variables }) => ({ name: stage, deploymentId: '', variables })),
    ...(cors === undefined ? {} : { cors }),
    disableExecuteApiEndpoint,
    stack,
    place: at,
  };
}

function routesOf({ id, name }: DraftHttpApi, draft: Draft, tell: Teller): readonly HttpApiRoute[] {
  const seen = new Set<string>();
  return draft.http.routes.flatMap(({ apiId, routeKey, target, at }): HttpApiRoute[] => {
    if (apiId !== id) return [];
    if (seen.has(routeKey)) {
      tell.error('template/property', at, `The API ${name} has two routes ${routeKey}.`);
      return [];
    }
    seen.add(routeKey);
    const found =
      'kind' in target ? target : draft.http.integrations.find((each) => each.id === target.value)?.integration;
    const integration = found === undefined ? undefined : resolved(found, at, draft, tell);
    return integration === undefined ? [] : [{ routeKey, integration }];
  });
}

function resolved(
  integration: HttpApiIntegration,
  at: Place,
  draft: Draft,
  tell: Teller,
): HttpApiIntegration | undefined {
  if (integration.kind === 'http') return integration;
  const functionArn = knownFunction(integration.functionArn, at, draft, tell);
  return functionArn === undefined ? undefined : { ...integration, functionArn };
}

/** The function behind an alias or version; one that no template has is told. */
function knownFunction(written: string, at: Place, draft: Draft, tell: Teller): string | undefined {
  const arn = draft.functionAliases.get(written) ?? written;
  if (draft.functions.some((each) => each.arn === arn)) return arn;
  // A function that could not be read has been told, and with it what becomes of the route.
  if (!draft.functionsLeftOut.has(arn)) {
    const says = `This calls the function ${arn}, which is in no template read.`;
    tell.error('template/unresolved-reference', at, says, { remedy: 'Give the template of the function too.' });
  }
  return undefined;
}
