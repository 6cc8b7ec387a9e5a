import type { Architecture } from '../model/index.ts';
import type { Vantage } from './conversation.ts';
import { GLOBAL_REGION } from './s3/facts.ts';
import { s3HostOf } from './s3/hosts.ts';
import type { Endpoint } from './world.ts';

/** Endpoints of S3 by Region. */
export interface S3Places {
  readonly rest: ReadonlyMap<string, Endpoint>;
  readonly websites: ReadonlyMap<string, Endpoint>;
}

/** Website endpoints speak HTTP only (RS 5.1). */
const WEBSITE_PORTS = new Map([[80, 'http' as const]]);

/**
 * Lays out the endpoints of every Region that has buckets, or that an origin or an alias names; none for estates without S3.
 * @param told Regions that have them in any case.
 */
export function layOutS3(
  { buckets, distributions, recordSets }: Architecture,
  told: readonly string[],
  ground: {
    addressIn(kind: 's3', name: string): string;
    regionVantage(region: string): Vantage;
  },
): S3Places {
  const named = [
    ...distributions.flatMap(({ origins }) => origins.map(({ domainName }) => domainName)),
    ...recordSets.flatMap(({ alias, values, type }) => [
      ...(alias === undefined ? [] : [alias.dnsName]),
      ...(type === 'CNAME' ? values : []),
    ]),
  ].flatMap((name) => {
    const host = s3HostOf(name.toLowerCase().replace(/\.$/, ''));
    return host === undefined ? [] : [host.region ?? GLOBAL_REGION];
  });
  const own = [...told, ...buckets.map(({ region }) => region)];
  // Names without a Region lead to us-east-1 until DNS has followed the bucket (RS 5.17, 5.18).
  const all = own.length + named.length === 0 ? [] : [...new Set([...own, ...named, GLOBAL_REGION])];
  const place = (region: string, kind: 's3' | 's3-website'): [string, Endpoint] => [
    region,
    {
      address: ground.addressIn('s3', `${kind}/${region}`),
      kind,
      label: region,
      vantage: ground.regionVantage(region),
      ...(kind === 's3' ? {} : { ports: WEBSITE_PORTS }),
    },
  ];
  return {
    rest: new Map(all.map((region) => place(region, 's3'))),
    websites: new Map(all.map((region) => place(region, 's3-website'))),
  };
}
