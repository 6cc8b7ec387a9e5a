import { expect, test } from 'vitest';
import { functionOf, openAll, openCopies, returned } from '../../test/open-function.ts';

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

test('RS 4.37: a version and its copy at the edge of the same Region are two', async () => {
  const latest = functionOf(TELLS, { name: 'edge', region: 'us-east-1', environment: { STAGE: 'prod' } });
  const version = { ...latest, arn: `${latest.arn}:3` };
  const replica = { function: version, region: 'us-east-1', versionArn: version.arn };
  const functions = await openAll([latest, version], [replica]);
  const told = async (fn = latest, place?: typeof replica): Promise<unknown> => {
    const answer = await functions.invoke(fn, {}, 60_000, place);
    const { name, version: number, variable } = (answer as { payload: Record<string, unknown> }).payload;
    return [name, number, variable];
  };
  expect(await told()).toEqual(['edge', '$LATEST', 'prod']);
  expect(await told(version)).toEqual(['edge', '3', 'prod']);
  expect(await told(version, replica)).toEqual(['us-east-1.edge', '3', null]);
});
