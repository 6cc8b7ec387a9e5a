import type { Architecture } from '../model/index.ts';
import { distanceKm } from '../model/index.ts';
import type { DnsRecord, DnsReply, Question, Vantage } from './conversation.ts';
import { CLOUDFRONT_FACTS } from './cloudfront/facts.ts';
import type { FrontEndNames } from './front-end-names.ts';
import { ROUTE53_FACTS } from './route53/facts.ts';
import type { S3Names } from './s3-names.ts';
import type { Endpoint } from './world.ts';

/** Names that AWS itself answers for: distributions, execute-api endpoints, regional domain names. */
export interface AwsNames {
  /** Endpoints behind a name as this asker gets them; undefined: no such name. */
  endpointsOf(name: string, asker: Vantage): readonly Endpoint[] | undefined;
  /** The Region behind a regional name. */
  regionOf(name: string): string | undefined;
  /** How long an answer about the name may be kept. */
  ttlSecondsOf(name: string): number;
}

/** Builds the table of all AWS names that the architecture brings. */
export function awsNames(
  architecture: Architecture,
  edges: readonly Endpoint[],
  gateways: ReadonlyMap<string, Endpoint>,
  frontEnds?: FrontEndNames,
  s3?: S3Names,
): AwsNames {
  const distributions = new Set(
    architecture.distributions.filter(({ enabled }) => enabled).map(({ domainName }) => domainName),
  );
  const regions = new Map<string, string>();
  for (const api of [...architecture.restApis, ...architecture.httpApis])
    regions.set(`${api.id}.execute-api.${api.region}.amazonaws.com`, api.region);
  for (const domain of architecture.apiDomainNames) regions.set(domain.regionalDomainName, domain.region);
  const nearest = new Map<Vantage, readonly Endpoint[]>();
  return {
    endpointsOf(name, asker) {
      if (distributions.has(name)) {
        const known = nearest.get(asker);
        if (known !== undefined) return known;
        const found = nearestTo(asker, edges);
        nearest.set(asker, found);
        return found;
      }
      const gateway = gateways.get(regions.get(name) ?? '');
      if (gateway !== undefined) return [gateway];
      return frontEnds?.endpointsOf(name, asker) ?? s3?.endpointsOf(name);
    },
    regionOf: (name) => regions.get(name),
    ttlSecondsOf(name) {
      if (name.endsWith('.cloudfront.net')) return CLOUDFRONT_FACTS.DISTRIBUTION_NAME_TTL_SECONDS.value;
      const others = regions.has(name) ? undefined : (frontEnds?.ttlSecondsOf(name) ?? s3?.ttlSecondsOf(name));
      return others ?? ROUTE53_FACTS.API_GATEWAY_ALIAS_TTL_SECONDS.value;
    },
  };
}

/** Answers a question about an AWS name; undefined when there is no such name. */
export function answerAwsName(names: AwsNames, question: Question, asker: Vantage): DnsReply | undefined {
  const endpoints = names.endpointsOf(question.name, asker);
  if (endpoints === undefined) return undefined;
  const ttlSeconds = names.ttlSecondsOf(question.name);
  const answers: DnsRecord[] =
    question.type === 'A'
      ? endpoints.map(({ address }) => ({ name: question.name, type: 'A', ttlSeconds, data: address }))
      : [];
  return {
    kind: 'dns',
    rcode: 'NOERROR',
    answers,
    authority: [],
    negativeTtlSeconds: answers.length > 0 ? 0 : ttlSeconds,
    cause: 0,
  };
}

/** CloudFront answers with the edge location nearest to the asker. */
function nearestTo(asker: Vantage, edges: readonly Endpoint[]): readonly Endpoint[] {
  const [first, ...rest] = edges;
  if (first === undefined) return [];
  const distance = (edge: Endpoint): number => distanceKm(asker.spot, edge.vantage.spot);
  return [rest.reduce((best, edge) => (distance(edge) < distance(best) ? edge : best), first)];
}
