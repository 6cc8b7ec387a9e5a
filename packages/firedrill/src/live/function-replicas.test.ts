import { expect, test } from 'vitest';
import { functionOf, openCopies, returned } from '../../test/open-function.ts';

const TELLS = `exports.handler = async (event, context) => ({
  region: process.env.AWS_REGION, name: context.functionName, version: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  arn: context.invokedFunctionArn, variable: process.env.STAGE ?? null,
})`;

test('CF 5.22: a copy finds the Region that it runs in, its version, and no variables of the template', async () => {
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:edge';
  const fn = functionOf(TELLS, { arn, name: 'edge', region: 'us-east-1', environment: { STAGE: 'prod' } });
  const invoke = await openCopies(fn, ['eu-west-1', 'ap-northeast-1'], `${arn}:3`);
  for (const region of ['eu-west-1', 'ap-northeast-1']) {
    expect(await invoke(region)).toEqual(
      returned({ region, name: 'us-east-1.edge', version: '3', arn: `${arn}:3`, variable: null }),
    );
  }
});
