import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { BEGINNING } from '../model/index.ts';
import type { Aws, AwsOptions } from './aws.ts';
import { createAws } from './aws.ts';
import type { Cloud } from './cloud.ts';
import { Credentials } from './credentials.ts';

export const ACCOUNT = '111122223333';
export const KEY = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
  userId: 'AIDAEXAMPLE',
};

export interface TestAws {
  readonly aws: Aws;
  readonly endpoint: string;
  /** Settings of a client of the SDK. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: 1;
  };
  /** What handlers threw and should not have. */
  readonly mistakes: unknown[];
}

/** The APIs on a port of this machine, until the test is over. */
export async function openTestAws(
  options: Partial<AwsOptions> & { readonly parts?: Partial<Cloud> } = {},
): Promise<TestAws> {
  const { parts, ...rest } = options;
  const mistakes: unknown[] = [];
  const cloud = {
    now: () => BEGINNING,
    // Where nothing is broken.
    world: () => ({ control: { apiRefusal: () => undefined } }),
    account: ACCOUNT,
    regions: ['eu-west-1', 'us-east-1'],
    credentials: new Credentials([KEY]),
    ...parts,
  };
  const aws = createAws({ cloud: cloud as unknown as Cloud, onMistake: (error) => mistakes.push(error), ...rest });
  // However long a test takes between two requests: none of its connections is closed meanwhile.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) =>
    aws.handle(request, response, { secure: false }),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { accessKeyId, secretAccessKey } = KEY;
  return {
    aws,
    endpoint,
    client: { endpoint, region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 },
    mistakes,
  };
}
