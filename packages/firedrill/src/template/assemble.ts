import type { Architecture, HostedZone, LambdaFunction } from '../model/index.ts';
import { assembleAccelerators } from './assemble-accelerators.ts';
import { assembleApis } from './assemble-apis.ts';
import { assembleHttpApis } from './assemble-http-apis.ts';
import { checkEdgeLambdas } from './assemble-edge-lambdas.ts';
import { assembleDerivedHealthChecks } from './assemble-health-checks.ts';
import { assembleFunctions } from './assemble-functions.ts';
import { assembleLoadBalancers } from './assemble-load-balancers.ts';
import { assembleRecords } from './assemble-records.ts';
import { assembleRecovery } from './assemble-recovery.ts';
import { assembleS3 } from './assemble-s3.ts';
import type { Draft } from './draft.ts';
import { publishVersions } from './lambda-versions.ts';
import { covers } from './names.ts';
import type { Teller } from './teller.ts';

type Pieces = Omit<Architecture, 'stacks' | 'resources' | 'ignores'>;

/** Puts together what the resources said, and holds it against each other. */
export function assemble(
  draft: Draft,
  declaredZones: readonly HostedZone[],
  published: readonly LambdaFunction[],
  tell: Teller,
): Pieces {
  publishVersions(draft, new Map(published.map((version) => [version.arn, version])));
  const hostedZones = [
    ...draft.hostedZones,
    ...declaredZones.filter(({ id }) => !draft.hostedZones.some((zone) => zone.id === id)),
  ];
  checkCertificates(draft, hostedZones, tell);
  checkEdgeLambdas(draft, tell);
  const { restApis, apiDomainNames } = assembleApis(draft, tell);
  const balancing = assembleLoadBalancers(draft, tell);
  const accelerators = assembleAccelerators(draft, balancing, tell);
  const derivedHealthChecks = assembleDerivedHealthChecks(draft, tell);
  return {
    hostedZones,
    recordSets: assembleRecords(
      draft,
      { hostedZones, apiDomainNames, loadBalancers: balancing.loadBalancers, accelerators },
      tell,
    ),
    healthChecks: draft.healthChecks,
    derivedHealthChecks,
    metricAlarms: draft.metricAlarms,
    compositeAlarms: draft.compositeAlarms,
    cidrCollections: draft.cidrCollections,
    distributions: draft.distributions,
    ...assembleFunctions(draft, tell),
    restApis,
    apiDomainNames,
    ...assembleHttpApis(draft, tell),
    functions: draft.functions,
    certificates: draft.certificates,
    ...balancing,
    accelerators,
    ...assembleS3(draft, tell),
    tables: draft.tables,
    ...assembleRecovery(draft, tell),
  };
}

/** A certificate must be in the Region of its use, for CloudFront in us-east-1, and cover the names. */
function checkCertificates(draft: Draft, zones: readonly HostedZone[], tell: Teller): void {
  for (const { arn, names, region, by, at } of draft.certificateUses) {
    const place = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):/.exec(arn)?.[1];
    if (place !== undefined && place !== region) {
      const says = `The certificate of ${by} is in ${place}; it must be in ${region}.`;
      tell.error('template/property', at, says, { remedy: `Make a certificate in ${region}.` });
    }
    const certificate = draft.certificates.find((each) => each.arn === arn);
    if (certificate === undefined) continue;
    const covered = [certificate.domainName, ...certificate.subjectAlternativeNames];
    for (const name of names) {
      if (covered.some((pattern) => covers(pattern, name))) continue;
      tell.error(
        'template/property',
        at,
        `The certificate of ${by} does not cover ${name}; it covers ${covered.join(', ')}.`,
        {
          remedy: 'Add the name to SubjectAlternativeNames.',
        },
      );
    }
  }
  for (const { value: id, at } of draft.validationZones) {
    const plain = id.replace(/^\/?hostedzone\//, '');
    if (zones.some((zone) => zone.id === plain)) continue;
    tell.warning(
      'template/unknown-zone',
      at,
      `The certificate is validated in the zone ${id}, which is in no template and not declared.`,
      {
        remedy: `Declare it: --zone example.com=${id}, or \`zones:\` in the drill file. The drill treats the certificate as issued.`,
      },
    );
  }
}
