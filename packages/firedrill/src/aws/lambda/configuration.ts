import { createHash } from 'node:crypto';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Cloud } from '../cloud.ts';
import type { KnownFunction, Properties } from './functions.ts';
import { belongingTo, mapIn, textIn, versionNumbered, versionOf } from './functions.ts';

/** A function's configuration, as the API tells it. */
export function configurationOf(cloud: Cloud, known: KnownFunction): FunctionConfiguration {
  const { name, arn, properties, qualifier } = known;
  const version = versionOf(cloud, known) ?? '$LATEST';
  const variables = mapIn(mapIn(properties, 'Environment'), 'Variables');
  const sha256 = codeDigestOf(known);
  return {
    FunctionName: name,
    FunctionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    Runtime: textIn(properties, 'Runtime', 'nodejs22.x') as NonNullable<FunctionConfiguration['Runtime']>,
    Role: textIn(properties, 'Role', ''),
    Handler: textIn(properties, 'Handler', ''),
    CodeSize: JSON.stringify(properties['Code'] ?? '').length,
    Description: textIn(properties, 'Description', ''),
    Timeout: Number(textIn(properties, 'Timeout', '3')),
    MemorySize: Number(textIn(properties, 'MemorySize', '128')),
    LastModified: new Date(cloud.epochMs()).toISOString().replace('Z', '+0000'),
    CodeSha256: sha256,
    Version: version,
    ...(Object.keys(variables).length === 0 ? {} : { Environment: { Variables: textsOf(variables) } }),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: uuidOf(createHash('sha256').update(JSON.stringify(properties)).digest('hex')),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
  };
}

function textsOf(properties: Properties): Record<string, string> {
  return Object.fromEntries(Object.keys(properties).map((key) => [key, textIn(properties, key, '')]));
}

/** Another code, another digest; it is not that of the archive that AWS would have. */
function codeDigestOf({ runnable, properties }: KnownFunction): string {
  const code = runnable?.code ?? properties['Code'] ?? '';
  return createHash('sha256').update(JSON.stringify(code)).digest('base64');
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** The newest code and the versions that were published. */
export function versionsOf(cloud: Cloud, known: KnownFunction): readonly FunctionConfiguration[] {
  const numbers = belongingTo(cloud, known, 'AWS::Lambda::Version').map(
    ({ attributes }) => attributes['Version'] ?? '1',
  );
  const latest = { ...configurationOf(cloud, known), FunctionArn: `${known.arn}:$LATEST`, Version: '$LATEST' };
  return [latest, ...numbers.map((number) => configurationOf(cloud, versionNumbered(cloud, known, number)))];
}

/** Tags by key; CloudFormation lists them. */
export function tagsOf({ properties }: KnownFunction): Record<string, string> {
  const tags = properties['Tags'];
  const items: readonly unknown[] = Array.isArray(tags) ? tags : [];
  return Object.fromEntries(
    items.flatMap((tag): [string, string][] => {
      const { Key, Value } = tag as { readonly Key?: unknown; readonly Value?: unknown };
      return typeof Key === 'string' ? [[Key, typeof Value === 'string' ? Value : '']] : [];
    }),
  );
}
