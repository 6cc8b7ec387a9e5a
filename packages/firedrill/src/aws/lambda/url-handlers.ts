import type { FunctionUrlConfig } from '@aws-sdk/client-lambda';
import type { DeployedResource } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { plainProperties } from '../plain-values.ts';
import type { LambdaHandlers } from './function-handlers.ts';
import type { KnownFunction } from './functions.ts';
import { belongingTo, functionNamed, mapIn, notFound, textIn } from './functions.ts';

const URL = 'AWS::Lambda::Url';

/** Addresses of functions (RS 4.26). */
export function urlHandlers(cloud: Cloud): LambdaHandlers {
  const url = (known: KnownFunction): DeployedResource => {
    const [found] = belongingTo(cloud, known, URL);
    if (found === undefined) throw notFound('The resource you requested does not exist.');
    return found;
  };
  return {
    CreateFunctionUrlConfig: async ({ FunctionName, Qualifier, AuthType, Cors, InvokeMode }, call) => {
      const known = functionNamed(cloud, call, FunctionName);
      if (belongingTo(cloud, known, URL).length > 0)
        throw new AwsError('ResourceConflictException', `FunctionUrlConfig exists for this Lambda function`, 409);
      const properties = {
        TargetFunctionArn: known.arn,
        AuthType,
        ...(Qualifier === undefined ? {} : { Qualifier }),
        ...(Cors === undefined ? {} : { Cors }),
        ...(InvokeMode === undefined ? {} : { InvokeMode }),
      };
      await cloud.estate.putResource({ region: call.region, type: URL, properties });
      const { LastModifiedTime: _modified, ...made } = urlOf(cloud, url(functionNamed(cloud, call, FunctionName)));
      return made;
    },
    GetFunctionUrlConfig: ({ FunctionName }, call) => urlOf(cloud, url(functionNamed(cloud, call, FunctionName))),
    ListFunctionUrlConfigs: ({ FunctionName }, call) => ({
      FunctionUrlConfigs: belongingTo(cloud, functionNamed(cloud, call, FunctionName), URL).map((found) =>
        urlOf(cloud, found),
      ),
    }),
    DeleteFunctionUrlConfig: async ({ FunctionName }, call) => {
      const found = url(functionNamed(cloud, call, FunctionName));
      await cloud.estate.removeResource(found.physicalId, { region: call.region, type: URL });
      return {};
    },
  };
}

function urlOf(cloud: Cloud, { properties: value, attributes }: DeployedResource): FunctionUrlConfig {
  const properties = plainProperties(value);
  const at = new Date(cloud.epochMs()).toISOString();
  const authType = textIn(properties, 'AuthType', 'NONE') === 'NONE' ? 'NONE' : 'AWS_IAM';
  const cors = mapIn(properties, 'Cors');
  return {
    FunctionUrl: attributes['FunctionUrl'] ?? '',
    FunctionArn: attributes['FunctionArn'] ?? '',
    CreationTime: at,
    LastModifiedTime: at,
    AuthType: authType,
    InvokeMode: 'BUFFERED',
    ...(Object.keys(cors).length === 0 ? {} : { Cors: cors as NonNullable<FunctionUrlConfig['Cors']> }),
  };
}
