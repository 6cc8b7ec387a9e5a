import type { AliasConfiguration, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { differsFrom } from '../../engine/index.ts';
import type { DeployedResource } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import { plainProperties } from '../plain-values.ts';
import { configurationOf } from './configuration.ts';
import type { LambdaHandlers } from './function-handlers.ts';
import type { KnownFunction } from './functions.ts';
import { aliasNamed, belongingTo, functionNamed, notFound, textIn, versionNumbered } from './functions.ts';

const ALIAS = 'AWS::Lambda::Alias';

/** Versions and aliases of functions. */
export function versionHandlers(cloud: Cloud): LambdaHandlers {
  const alias = (known: KnownFunction, name: string | undefined): DeployedResource => {
    const found = aliasNamed(cloud, known, name ?? '');
    if (found === undefined) throw notFound(`Cannot find alias arn: ${known.arn}:${name ?? ''}`);
    return found;
  };
  return {
    PublishVersion: async ({ FunctionName, Description }, call) =>
      await publish(cloud, call, FunctionName, Description),
    CreateAlias: async ({ FunctionName, Name, FunctionVersion, Description }, call) => {
      const known = functionNamed(cloud, call, FunctionName);
      if (aliasNamed(cloud, known, Name ?? '') !== undefined)
        throw new AwsError('ResourceConflictException', `Alias already exists: ${known.arn}:${Name ?? ''}`, 409);
      functionNamed(cloud, call, FunctionName, FunctionVersion);
      const properties = {
        FunctionName: known.arn,
        Name,
        FunctionVersion,
        ...(Description === undefined ? {} : { Description }),
      };
      await cloud.estate.putResource({ region: call.region, type: ALIAS, properties });
      return aliasOf(alias(functionNamed(cloud, call, FunctionName), Name));
    },
    GetAlias: ({ FunctionName, Name }, call) => aliasOf(alias(functionNamed(cloud, call, FunctionName), Name)),
    ListAliases: ({ FunctionName }, call) => ({
      Aliases: belongingTo(cloud, functionNamed(cloud, call, FunctionName), ALIAS).map(aliasOf),
    }),
    UpdateAlias: async ({ FunctionName, Name, FunctionVersion, Description }, call) => {
      const found = alias(functionNamed(cloud, call, FunctionName), Name);
      functionNamed(cloud, call, FunctionName, FunctionVersion);
      const changed = {
        ...plainProperties(found.properties),
        ...(FunctionVersion === undefined ? {} : { FunctionVersion }),
        ...(Description === undefined ? {} : { Description }),
      };
      await cloud.estate.changeResource(found.physicalId, changed, { region: call.region, type: ALIAS });
      return aliasOf(alias(functionNamed(cloud, call, FunctionName), Name));
    },
    DeleteAlias: async ({ FunctionName, Name }, call) => {
      const found = aliasNamed(cloud, functionNamed(cloud, call, FunctionName), Name ?? '');
      // Deleting what is not there is no mistake.
      if (found !== undefined)
        await cloud.estate.removeResource(found.physicalId, { region: call.region, type: ALIAS });
      return {};
    },
  };
}

/** Publishes what a function is now; the last version where nothing has changed since (RS 4.37). */
export async function publish(
  cloud: Cloud,
  call: Call,
  functionName: string | undefined,
  description?: string,
): Promise<FunctionConfiguration> {
  const known = functionNamed(cloud, call, functionName);
  const latest = lastVersion(cloud, known);
  if (latest?.runnable !== undefined && known.runnable !== undefined && !differsFrom(latest.runnable, known.runnable))
    return configurationOf(cloud, latest);
  const properties = { FunctionName: known.arn, ...(description === undefined ? {} : { Description: description }) };
  const arn = await cloud.estate.putResource({ region: call.region, type: 'AWS::Lambda::Version', properties });
  const [version = '1'] = arn.split(':').slice(-1);
  return configurationOf(cloud, functionNamed(cloud, call, functionName, version));
}

/** The version that was published last, of those that there are. */
function lastVersion(cloud: Cloud, known: KnownFunction): KnownFunction | undefined {
  const numbers = belongingTo(cloud, known, 'AWS::Lambda::Version').map(({ attributes }) =>
    Number(attributes['Version']),
  );
  return numbers.length === 0 ? undefined : versionNumbered(cloud, known, String(Math.max(...numbers)));
}

function aliasOf({ properties: value, physicalId }: DeployedResource): AliasConfiguration {
  const properties = plainProperties(value);
  return {
    AliasArn: physicalId,
    Name: textIn(properties, 'Name', ''),
    FunctionVersion: textIn(properties, 'FunctionVersion', '$LATEST'),
    Description: textIn(properties, 'Description', ''),
  };
}
