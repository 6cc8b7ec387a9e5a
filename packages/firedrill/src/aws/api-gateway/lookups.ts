import type { ApiDomainName } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';

/** What both generations of API Gateway's API find things by, and refuse in the same words. */
export interface Lookups<Api> {
  readonly apisIn: (region: string) => readonly Api[];
  /** @throws AwsError NotFoundException */
  readonly apiOf: (call: Call, id: string | undefined) => Api;
  /** @throws AwsError NotFoundException */
  readonly domainOf: (call: Call, name: string | undefined) => ApiDomainName;
}

/** @param all - the APIs of one generation. */
export function lookupsOf<Api extends { readonly region: string; readonly id: string }>(
  cloud: Cloud,
  all: () => readonly Api[],
): Lookups<Api> {
  const apisIn = (region: string): readonly Api[] => all().filter((api) => api.region === region);
  return {
    apisIn,
    apiOf({ region }, id) {
      const found = apisIn(region).find((api) => api.id === id);
      if (found === undefined) throw notFound(`Invalid API identifier specified ${cloud.account}:${id ?? ''}`);
      return found;
    },
    domainOf({ region }, name) {
      const found = domainsIn(cloud, region).find((domain) => domain.name === name);
      if (found === undefined) throw notFound('Invalid domain name identifier specified');
      return found;
    },
  };
}

/** Custom domain names of a Region, whichever API made them. */
export function domainsIn(cloud: Cloud, region: string): readonly ApiDomainName[] {
  return cloud.estate.architecture().apiDomainNames.filter((domain) => domain.region === region);
}

/** As API Gateway refuses what it does not have. */
export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message, 404);
}
