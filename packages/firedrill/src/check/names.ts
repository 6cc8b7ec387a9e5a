import type { Architecture, RecordSet } from '../model/index.ts';
import { groupedBy, onceFor } from './memory.ts';

/** Names reached one from the other before a walk gives up; real chains have two or three. */
const NAMES_MAX = 100;

/** A Region's name as a part of an AWS host name. */
const REGION = /(?:^|[.-])((?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?-[a-z]+-\d)(?=[.-])/;

const recordsByName = onceFor(({ recordSets }) => groupedBy(recordSets, ({ name }) => name));

/** Records of a name. */
export function recordsNamed(name: string, architecture: Architecture): readonly RecordSet[] {
  return recordsByName(architecture).get(name) ?? [];
}

/** Names that a record leads to: its alias target, or where its CNAME points. */
export function targetsOf({ alias, type, values }: RecordSet): readonly string[] {
  if (alias !== undefined) return [alias.dnsName];
  return type === 'CNAME' ? values : [];
}

/** A name and every name that records lead to from it, by aliases and CNAMEs. */
export function namesBehind(name: string, architecture: Architecture): readonly string[] {
  const names = [name];
  // The list grows while it is walked.
  for (const each of names) {
    if (names.length >= NAMES_MAX) break;
    for (const record of recordsNamed(each, architecture)) {
      for (const target of targetsOf(record)) if (!names.includes(target)) names.push(target);
    }
  }
  return names;
}

/** Addresses that a name leads to. */
export function addressesBehind(name: string, architecture: Architecture): readonly string[] {
  return namesBehind(name, architecture)
    .flatMap((each) => recordsNamed(each, architecture))
    .filter(({ type }) => type === 'A')
    .flatMap(({ values }) => values);
}

/** The Region that an AWS host name stands in, as far as the name says so. */
export function regionOfHost(host: string): string | undefined {
  return /\.(amazonaws\.com(\.cn)?|on\.aws)$/.test(host) ? REGION.exec(host)?.[1] : undefined;
}

/** Regions that a name ends in. */
export function regionsBehind(name: string, architecture: Architecture): ReadonlySet<string> {
  const names = namesBehind(name, architecture);
  const regions = names.map((each) => regionOfHost(each) ?? regionOfMadeUp(each, architecture));
  return new Set(regions.filter((region) => region !== undefined));
}

/** Regions that a record's answer ends in. */
export function regionsOfRecord(record: RecordSet, architecture: Architecture): ReadonlySet<string> {
  return new Set(targetsOf(record).flatMap((target) => [...regionsBehind(target, architecture)]));
}

const balancers = onceFor(({ resources }) =>
  resources.filter(({ type }) => type.startsWith('AWS::ElasticLoadBalancing') && type.endsWith('::LoadBalancer')),
);

/** Load balancers of a type that is not acted on have names that do not tell where they are. */
function regionOfMadeUp(name: string, architecture: Architecture): string | undefined {
  return balancers(architecture).find(
    ({ physicalId, attributes }) =>
      Object.values(attributes).some((value) => value.toLowerCase() === name) ||
      `${physicalId}-dnsname`.toLowerCase() === name,
  )?.region;
}

/** API Gateway's own names: regional custom domains, and APIs themselves. */
export function isApiGatewayHost(host: string): boolean {
  return /\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(host);
}

/** An API by its own name, not by that of a custom domain (`d-…`). */
export function isApiHost(host: string): boolean {
  return isApiGatewayHost(host) && !host.startsWith('d-');
}

/** An S3 website endpoint in either spelling (RS 5.2). */
export function isS3WebsiteHost(host: string): boolean {
  return /(^|\.)s3-website[.-][a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(host);
}

export function isCloudFrontHost(host: string): boolean {
  return host.endsWith('.cloudfront.net');
}

/** As `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
