import { request } from 'node:http';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { openTestAws } from './aws.fixture.ts';
import { ask } from './raw-request.fixture.ts';

const IDENTITY = 'Action=GetCallerIdentity&Version=2011-06-15';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'amazonaws.com.evil.example'])(
  'a request for the host %j is refused',
  async (host) => {
    const { endpoint } = await openTestAws();
    const answer = await ask(endpoint, { headers: { ...FORM, host }, body: IDENTITY });
    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('none of this world') as string });
  },
);

test.each(['127.0.0.1:4566', 'localhost', 'sts.eu-west-1.amazonaws.com', '[::1]:80'])(
  'a request for the host %j is answered',
  async (host) => {
    const { endpoint } = await openTestAws();
    const answer = await ask(endpoint, { headers: { ...FORM, host }, body: IDENTITY });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<GetCallerIdentityResult>') as string });
  },
);

test.each(['https://evil.example', 'null', 'http://127.0.0.1.evil.example'])(
  'a page of %j gets nothing',
  async (origin) => {
    const { endpoint } = await openTestAws();
    const answer = await ask(endpoint, { headers: { ...FORM, origin }, body: IDENTITY });
    expect(answer.status).toBe(403);
  },
);

test('a body larger than its limit is refused before it is sent', async () => {
  const { endpoint } = await openTestAws();
  const headers = { 'x-amz-target': 'AmazonSSM.PutParameter', 'content-length': String(10 ** 10) };
  const { hostname, port } = new URL(endpoint);
  const status = await new Promise((resolve) => {
    const sent = request({ hostname, port, method: 'POST', headers: { ...headers, expect: '100-continue' } });
    sent.on('response', (response) => resolve(response.statusCode));
    sent.on('error', () => undefined);
    sent.flushHeaders();
  });
  expect(status).toBe(400);
});

test('a checksum that is not that of the body is refused', async () => {
  const { endpoint } = await openTestAws();
  const headers = { ...FORM, 'x-amz-checksum-crc32': 'AAAAAA==' };
  const answer = await ask(endpoint, { headers, body: IDENTITY });
  expect(answer.text).toContain('BadDigest');
  const md5 = await ask(endpoint, { headers: { ...FORM, 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' }, body: IDENTITY });
  expect(md5.text).toContain('BadDigest');
});

test('with strict signatures a wrong secret, an unknown key and no signature at all are refused', async () => {
  const { client, endpoint } = await openTestAws({ strictAuth: true });
  const wrong = { ...client, credentials: { ...client.credentials, secretAccessKey: 'another' } };
  const unknown = { ...client, credentials: { accessKeyId: 'AKIDUNKNOWN', secretAccessKey: 'x' } };
  const identity = new GetCallerIdentityCommand();
  expect(await new STSClient(client).send(identity)).toMatchObject({ UserId: 'AIDAEXAMPLE' });
  await expect(new STSClient(wrong).send(identity)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  await expect(new STSClient(unknown).send(identity)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  const parameter = new GetParameterCommand({ Name: '/a' });
  await expect(new SSMClient(wrong).send(parameter)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  await expect(new SSMClient(unknown).send(parameter)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  const bare = await ask(endpoint, { headers: { ...FORM, host: 'sts.amazonaws.com' }, body: IDENTITY });
  expect(bare).toMatchObject({ status: 403, text: expect.stringContaining('MissingAuthenticationToken') as string });
});

test('a signature may be fifteen minutes off, and no more', async () => {
  const off = async (minutes: number): Promise<unknown> => {
    const wallMs = (): number => Date.now() + minutes * 60_000;
    const { client } = await openTestAws({ strictAuth: true, wallMs });
    return await new STSClient(client).send(new GetCallerIdentityCommand());
  };
  expect(await off(14)).toMatchObject({ UserId: 'AIDAEXAMPLE' });
  await expect(off(16)).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
    message: expect.stringContaining('Signature expired') as string,
  });
  await expect(off(-16)).rejects.toMatchObject({
    message: expect.stringContaining('Signature not yet current') as string,
  });
});
