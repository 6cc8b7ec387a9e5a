import type { Architecture, DeployedResource } from '../model/index.ts';
import { itemsAt, numberAt, resourcesOf, textAt, textsAt, valueAt } from './deployed.ts';
import type { Offence, Rule } from './rule.ts';

/** How long a function at the edge may take (CF 5.21), and what it may write to its disk (CF 5.22). */
const TIMEOUT_SECONDS_MAX = 30;
const STORAGE_MB_MAX = 512;

/** What a function has that Lambda@Edge does not, in words. */
function unsupportedIn({ properties }: DeployedResource): readonly string[] {
  const has = (key: string): boolean => valueAt(properties, key) !== undefined;
  const variables = valueAt(properties, 'Environment.Variables');
  const timeoutSeconds = numberAt(properties, 'Timeout') ?? 0;
  const storageMb = numberAt(properties, 'EphemeralStorage.Size') ?? 0;
  const runtime = textAt(properties, 'Runtime') ?? 'nodejs';
  return [
    ...(variables?.kind === 'map' && Object.keys(variables.entries).length > 0 ? ['environment variables'] : []),
    ...(timeoutSeconds > TIMEOUT_SECONDS_MAX
      ? [`a timeout of ${timeoutSeconds} s (at most ${TIMEOUT_SECONDS_MAX})`]
      : []),
    ...(storageMb > STORAGE_MB_MAX ? [`${storageMb} MB of storage (at most ${STORAGE_MB_MAX})`] : []),
    ...(/^(?:nodejs|python)/.test(runtime) ? [] : [`the runtime ${runtime}`]),
    ...(textAt(properties, 'PackageType') === 'Image' ? ['a container image'] : []),
    ...(textsAt(properties, 'Architectures').includes('arm64') ? ['arm64'] : []),
    ...(itemsAt(properties, 'Layers').length > 0 ? ['layers'] : []),
    ...(has('VpcConfig.SubnetIds') || has('VpcConfig.SecurityGroupIds') ? ['a VPC'] : []),
    ...(textAt(properties, 'TracingConfig.Mode') === 'Active' ? ['X-Ray tracing'] : []),
    ...(has('DeadLetterConfig.TargetArn') ? ['a dead letter queue'] : []),
    ...(has('ReservedConcurrentExecutions') ? ['reserved concurrency'] : []),
  ];
}

/** Lambda@Edge has less than Lambda (CF 5.21, 5.22); CloudFront refuses to associate what needs more. */
const EDGE_FUNCTION_UNSUPPORTED: Rule = {
  code: 'check/edge-function-unsupported',
  weight: 'error',
  facts: ['CF 5.21', 'CF 5.22'],
  costs: 'refused',
  find: (architecture) =>
    resourcesOf(architecture, 'AWS::Lambda::Function').flatMap((fn): Offence[] => {
      const unsupported = unsupportedIn(fn);
      if (unsupported.length === 0 || !isAtEdge(fn, architecture)) return [];
      return [
        {
          place: fn.place,
          says: `The function ${fn.logicalId} runs at the edge and has ${unsupported.join(', ')}; CloudFront refuses it.`,
          remedy: 'Take that away; settings can be written into the code, or kept in headers of the origin.',
        },
      ];
    }),
};

function isAtEdge({ attributes }: DeployedResource, { distributions }: Architecture): boolean {
  const arn = attributes['Arn'];
  return distributions.some(({ behaviors }) =>
    behaviors.some(({ lambdaFunctionAssociations }) =>
      (lambdaFunctionAssociations ?? []).some(
        ({ functionArn }) => functionArn.split(':').slice(0, 7).join(':') === arn,
      ),
    ),
  );
}

/** Traps of functions at the edge. */
export const EDGE_FUNCTION_RULES: readonly Rule[] = [EDGE_FUNCTION_UNSUPPORTED];
