import type { Architecture, Distribution } from '../model/index.ts';
import { isS3WebsiteHost } from './names.ts';
import type { Offence, Rule } from './rule.ts';
import { competingRecords } from './written-records.ts';

/** A website endpoint speaks HTTP only (RS 5.1, CF 6.1). Where distributions send viewers to HTTPS, nobody is there after a failover. */
const WEBSITE_BEHIND_HTTPS: Rule = {
  code: 'check/website-behind-https',
  weight: 'warning',
  facts: ['RS 5.1', 'CF 6.1'],
  costs: 'the whole outage, for users that come by HTTPS',
  find: (architecture) =>
    competingRecords(architecture).flatMap((records): Offence[] => {
      const website = records.find(({ targets }) => targets.some(isS3WebsiteHost));
      const sender = records.flatMap(({ targets }) => targets.flatMap((name) => sendersOf(name, architecture)))[0];
      if (website === undefined || sender === undefined) return [];
      return [
        {
          place: website.properties.at,
          says: `${website.name} leads to the distribution ${sender.logicalId}, which sends viewers to HTTPS, and otherwise to an S3 website, which has none: they meet a refused connection.`,
          remedy:
            'Let the distribution take plain HTTP (ViewerProtocolPolicy allow-all), or put an origin group of two buckets behind it instead.',
        },
      ];
    }),
};

/** Distributions of a name that leave viewers no plain HTTP. */
function sendersOf(name: string, { distributions }: Architecture): readonly Distribution[] {
  return distributions.filter(
    ({ domainName, behaviors }) =>
      domainName === name && behaviors.some(({ viewerProtocolPolicy }) => viewerProtocolPolicy !== 'allow-all'),
  );
}

/** CloudFront asks such an origin by HTTPS and meets a refused connection (CF 6.1). */
const WEBSITE_ASKED_BY_HTTPS: Rule = {
  code: 'check/website-asked-by-https',
  weight: 'error',
  facts: ['CF 6.1', 'RS 5.1'],
  costs: 'every request of that origin that comes by HTTPS: 502',
  find: ({ distributions }) =>
    distributions.flatMap(({ origins, logicalId }) =>
      origins.flatMap(({ domainName, kind, protocolPolicy, place }): Offence[] => {
        if (kind !== 'custom' || !isS3WebsiteHost(domainName) || protocolPolicy === 'http-only') return [];
        return [
          {
            place,
            says: `The distribution ${logicalId} asks the S3 website ${domainName} by HTTPS (${protocolPolicy}); a website speaks HTTP only.`,
            remedy:
              'Set OriginProtocolPolicy to http-only, or name the bucket’s REST endpoint with an origin access control.',
          },
        ];
      }),
    ),
};

/** Traps of S3 websites. */
export const WEBSITE_RULES: readonly Rule[] = [WEBSITE_BEHIND_HTTPS, WEBSITE_ASKED_BY_HTTPS];
