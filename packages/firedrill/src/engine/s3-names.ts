import type { Architecture } from '../model/index.ts';
import { ROUTE53_FACTS } from './route53/facts.ts';
import { S3_FACTS } from './s3/facts.ts';
import { regionBehind, s3HostOf } from './s3/hosts.ts';
import type { S3Places } from './s3-places.ts';
import type { Endpoint } from './world.ts';

/** Names of S3's endpoints: every bucket's, whether or not there is such a bucket. */
export interface S3Names {
  endpointsOf(name: string): readonly Endpoint[] | undefined;
  ttlSecondsOf(name: string): number | undefined;
}

/** @param isFresh buckets are so new that their names without a Region still lead to us-east-1 (RS 5.18). */
export function s3Names({ buckets }: Architecture, places: S3Places, isFresh: boolean): S3Names {
  const regions = new Map(buckets.map(({ name, region }) => [name, region]));
  return {
    endpointsOf(name) {
      if (places.rest.size === 0) return undefined;
      const host = s3HostOf(name);
      if (host === undefined) return undefined;
      const region = regionBehind(host, (bucket) => regions.get(bucket), isFresh);
      const endpoint = (host.kind === 'website' ? places.websites : places.rest).get(region);
      return endpoint === undefined ? undefined : [endpoint];
    },
    ttlSecondsOf(name) {
      const host = s3HostOf(name);
      if (host === undefined) return undefined;
      // An alias to a website has the TTL of the website's own name (R53 AL-02).
      return host.kind === 'website'
        ? ROUTE53_FACTS.S3_WEBSITE_ALIAS_TTL_SECONDS.value
        : S3_FACTS.NAME_TTL_SECONDS.value;
    },
  };
}
