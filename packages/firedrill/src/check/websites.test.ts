import { test } from 'vitest';
import { distribution, EU, holds, origin, record } from '../../test/estate-in-text.ts';

const WEBSITE =
  'AliasTarget: { DNSName: s3-website-eu-west-1.amazonaws.com, HostedZoneId: Z1BKCTXD74EZPE }, Failover: SECONDARY, SetIdentifier: b';
const DISTRIBUTION =
  'AliasTarget: { DNSName: !GetAtt D.DomainName, HostedZoneId: Z2FDTNDATAQYW2 }, Failover: PRIMARY, SetIdentifier: a';

function estate(protocol: string): Readonly<Record<string, string>> {
  const behind = distribution('D', { origins: origin('a', 'a.example.com') }).replace(
    'https-only, Cache',
    `${protocol}, Cache`,
  );
  return { [EU]: behind + record('One', DISTRIBUTION) + record('Two', WEBSITE) };
}

test('a website that stands behind a distribution for HTTPS (RS 5.1)', () => {
  holds('check/website-behind-https', {
    bad: estate('redirect-to-https'),
    good: estate('allow-all'),
    says: ['which sends viewers to HTTPS, and otherwise to an S3 website, which has none'],
  });
});

test('an origin that asks a website by HTTPS (CF 6.1)', () => {
  const asking = (policy: string): Readonly<Record<string, string>> => ({
    [EU]: distribution('D', {
      origins: `{ Id: a, DomainName: files.s3-website-eu-west-1.amazonaws.com, CustomOriginConfig: { OriginProtocolPolicy: ${policy} } }`,
    }),
  });
  const says = 'a website speaks HTTP only';
  holds('check/website-asked-by-https', { bad: asking('https-only'), good: asking('http-only'), says: [says] });
  holds('check/website-asked-by-https', { bad: asking('match-viewer'), good: asking('http-only'), says: [says] });
});
