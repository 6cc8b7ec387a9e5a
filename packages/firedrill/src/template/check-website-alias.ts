import { s3WebsiteZoneId } from './alias-zones.ts';
import type { Draft, DraftRecord } from './draft.ts';
import type { Teller } from './teller.ts';

/** The websites of a Region, in either spelling (RS 5.2, 5.3). */
const ENDPOINT = /^s3-website[.-]([a-z0-9-]+)\.amazonaws\.com$/;

export function isWebsiteEndpoint(name: string): boolean {
  return ENDPOINT.test(name);
}

/**
 * Holds an alias to an S3 website against its target. A record whose name is no bucket's is kept: it is answered, and S3
 * says NoSuchBucket to whoever follows it (R53 AL-07, RS 5.4).
 */
export function checkWebsiteAlias(
  { alias, name, at }: DraftRecord,
  { draft }: { readonly draft: Draft },
  tell: Teller,
): boolean {
  const region = ENDPOINT.exec(alias?.dnsName ?? '')?.[1];
  if (alias === undefined || region === undefined) return false;
  const zoneId = s3WebsiteZoneId(region);
  if (zoneId !== undefined && zoneId !== alias.hostedZoneId) {
    const says = `The alias to the S3 website endpoint of ${region} has the HostedZoneId ${alias.hostedZoneId}; it must be ${zoneId}.`;
    tell.error('template/property', at, says, { facts: ['R53 AL-13'] });
    return false;
  }
  const bucket = draft.s3.buckets.find((each) => each.name === name && each.region === region);
  if (bucket?.website === undefined) {
    const says =
      bucket === undefined
        ? `The alias ${name} leads to the S3 websites of ${region}, where no template read has a bucket named ${name}; its users see 404 NoSuchBucket.`
        : `The alias ${name} leads to the bucket ${name}, which is no website; its users see 404 NoSuchWebsiteConfiguration.`;
    tell.warning('template/not-acted-on', at, says, {
      remedy: 'Give the bucket the name of the record, and WebsiteConfiguration.',
      facts: ['R53 AL-07', 'RS 5.4'],
    });
  }
  return true;
}
