import type { FunctionCode } from '@aws-sdk/client-lambda';
import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { UnusableObject } from '../cloudformation/code-objects.ts';
import { bytesOf, objectAt } from '../cloudformation/stack-code.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';
import { configurationOf, tagsOf, versionsOf } from './configuration.ts';
import type { KnownFunction } from './functions.ts';
import {
  belongingTo,
  changeFunction,
  FUNCTION_TYPE,
  functionNamed,
  functionsIn,
  invalid,
  whereOf,
} from './functions.ts';
import { invoke } from './invoke.ts';
import { publish } from './version-handlers.ts';

export type LambdaHandlers = Handlers<typeof import('@aws-sdk/client-lambda')>;

/** Functions: what they are, how they run, and how that is changed. */
export function functionHandlers(cloud: Cloud): LambdaHandlers {
  return {
    Invoke: async (input, call) => await invoke(cloud, input, call),
    GetFunction: ({ FunctionName, Qualifier }, call) => {
      const known = functionNamed(cloud, call, FunctionName, Qualifier);
      const tags = tagsOf(known);
      return {
        Configuration: configurationOf(cloud, known),
        Code: { RepositoryType: 'S3', Location: '' },
        ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
        ...concurrency(known),
      };
    },
    GetFunctionConfiguration: ({ FunctionName, Qualifier }, call) =>
      configurationOf(cloud, functionNamed(cloud, call, FunctionName, Qualifier)),
    ListFunctions: (_input, { region }) => ({
      Functions: functionsIn(cloud, region).map((known) => configurationOf(cloud, known)),
    }),
    CreateFunction: async (input, call) => {
      const { FunctionName: name = '', Code, Tags, Publish, ...rest } = input;
      if (functionsIn(cloud, call.region).some((known) => known.name === name))
        throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, { Type: 'User' });
      const properties = {
        FunctionName: name,
        ...sameProperties(rest),
        Code: await codeOf(cloud, Code),
        ...(Tags === undefined ? {} : { Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })) }),
      };
      await cloud.estate.putResource({ region: call.region, type: FUNCTION_TYPE, properties });
      return Publish === true
        ? await publish(cloud, call, name)
        : configurationOf(cloud, functionNamed(cloud, call, name));
    },
    DeleteFunction: async ({ FunctionName, Qualifier }, call) => {
      const known = functionNamed(cloud, call, FunctionName, Qualifier);
      const { region } = call;
      if (known.qualifier !== undefined) {
        await cloud.estate.removeResource(`${known.arn}:${known.qualifier}`, { region, type: 'AWS::Lambda::Version' });
        return {};
      }
      // Its address, versions and aliases go with a function.
      for (const type of ['AWS::Lambda::Url', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'])
        for (const { physicalId } of belongingTo(cloud, known, type))
          await cloud.estate.removeResource(physicalId, { region, type });
      await cloud.estate.removeResource(known.name, whereOf(known));
      return {};
    },
    UpdateFunctionConfiguration: async (input, call) => {
      const { FunctionName, RevisionId: _revision, ...changed } = input;
      const known = functionNamed(cloud, call, FunctionName);
      await changeFunction(cloud, known, sameProperties(changed));
      return configurationOf(cloud, functionNamed(cloud, call, FunctionName));
    },
    UpdateFunctionCode: async (input, call) => {
      const known = functionNamed(cloud, call, input.FunctionName);
      if (input.DryRun !== true) await changeFunction(cloud, known, { Code: await codeOf(cloud, input) });
      return input.Publish === true && input.DryRun !== true
        ? await publish(cloud, call, input.FunctionName)
        : configurationOf(cloud, functionNamed(cloud, call, input.FunctionName));
    },
    ListVersionsByFunction: ({ FunctionName }, call) => ({
      Versions: [...versionsOf(cloud, functionNamed(cloud, call, FunctionName))],
    }),
  };
}

function concurrency({ runnable }: KnownFunction): {
  readonly Concurrency?: { readonly ReservedConcurrentExecutions: number };
} {
  const reserved = runnable?.reservedConcurrency;
  return reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } };
}

/** Properties that CloudFormation has under the same names. */
const SAME: ReadonlySet<string> = new Set(
  'Runtime Role Handler Description Timeout MemorySize Environment VpcConfig DeadLetterConfig KMSKeyArn TracingConfig Layers EphemeralStorage SnapStart LoggingConfig PackageType Architectures ImageConfig FileSystemConfigs'.split(
    ' ',
  ),
);

function sameProperties(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = Object.entries(input).filter(([name, value]) => SAME.has(name) && value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name === 'KMSKeyArn' ? 'KmsKeyArn' : name, value]));
}

/**
 * An archive, in the request or in a bucket, is unpacked and named by its digest: what later becomes of the object is
 * nothing to the function, which has a copy.
 */
async function codeOf(cloud: Cloud, code: GivenCode | undefined): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await bytesGiven(cloud, code ?? {});
  const key = `${createHash('sha256').update(bytes).digest('hex')}.zip`;
  try {
    cloud.estate.addCode(key, await cloud.code.place(bytes));
  } catch (error) {
    if (error instanceof UnusableObject) throw invalid(error.message);
    throw error;
  }
  return { S3Bucket: 'uploaded', S3Key: key };
}

type GivenCode = Pick<FunctionCode, 'ZipFile' | 'S3Bucket' | 'S3Key' | 'S3ObjectVersion'>;

async function bytesGiven(cloud: Cloud, code: GivenCode): Promise<Uint8Array> {
  const { ZipFile: bytes, S3Bucket: bucket, S3Key: key, S3ObjectVersion: versionId } = code;
  if (bytes !== undefined) return bytes;
  if (bucket === undefined || key === undefined) throw invalid('Please provide a source for function code.');
  const object = objectAt(cloud.world(), { bucket, key, versionId });
  if (typeof object === 'string') throw invalid(object);
  return await bytesOf(object);
}
