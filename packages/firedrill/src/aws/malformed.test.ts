import { expect, test } from 'vitest';
import { openTestCloud } from './cloud.fixture.ts';
import { openProtocol } from './protocols.ts';
import type { WireRequest } from './protocol/message.ts';
import { readServiceModel } from './protocol/service-model.ts';
import type { ProtocolName } from './services.ts';
import { SERVICES } from './services.ts';

const CLOUD = openTestCloud().cloud;

/** The code of AWS's own answer to a body that is not of the operation's shape. */
async function codeFor(
  name: string,
  protocol: ProtocolName,
  operation: string,
  body: string | Buffer,
): Promise<unknown> {
  const service = SERVICES.find((known) => known.name === name);
  if (service === undefined) throw new Error(`${name} is a service`);
  const { client } = await service.load(CLOUD);
  const model = readServiceModel(client);
  const asked = { operation: model.operations.get(operation), name: operation, labels: { Id: 'E1', IfMatch: '1' } };
  if (asked.operation === undefined) throw new Error(`${operation} is an operation`);
  const request: WireRequest = { method: 'POST', path: '/', query: [], headers: {}, body: Buffer.from(body) };
  const read = openProtocol(protocol, service, model).read({ ...asked, operation: asked.operation }, request);
  return await read.then(
    () => 'read',
    (error: { readonly code?: unknown }) => error.code,
  );
}

const DEEP = '['.repeat(200_000);

test.each([
  ['{', 'SerializationException'],
  ['[]', 'SerializationException'],
  ['"text"', 'SerializationException'],
  ['{"Name":5}', 'SerializationException'],
  ['{"Name":"a","WithDecryption":"no"}', 'SerializationException'],
  ['{}', 'ValidationException'],
  ['', 'ValidationException'],
  [Buffer.from([0xff, 0xfe]), 'SerializationException'],
  [DEEP, 'SerializationException'],
  ['{"Name":"a","Unheard":{"of":1}}', 'read'],
])('a body of JSON, row %#, is refused as AWS does', async (body, code) => {
  expect(await codeFor('ssm', 'json-1.1', 'GetParameter', body)).toBe(code);
});

test.each([
  ['<a><b></a>', 'MalformedInput'],
  ['no document', 'MalformedInput'],
  [`${'<a>'.repeat(100_000)}`, 'MalformedInput'],
  ['<CreateHealthCheckRequest/>', 'InvalidInput'],
  [
    '<R><CallerReference>a</CallerReference><HealthCheckConfig><Port>many</Port><Type>HTTP</Type></HealthCheckConfig></R>',
    'MalformedInput',
  ],
  ['<R><CallerReference>a</CallerReference><HealthCheckConfig><Type>HTTP</Type></HealthCheckConfig></R>', 'read'],
])('a body of XML, row %#, is refused as AWS does', async (body, code) => {
  expect(await codeFor('route53', 'rest-xml', 'CreateHealthCheck', body)).toBe(code);
});

test.each([
  ['Action=PutMetricData', 'ValidationError'],
  ['Namespace=N&MetricData.member.1.MetricName=M&MetricData.member.1.Value=many', 'MalformedInput'],
  ['Namespace=N&MetricData.member.1.MetricName=M&MetricData.member.1.Timestamp=yesterday', 'MalformedInput'],
  [`${'a.'.repeat(100)}=1`, 'MalformedInput'],
  ['a=1&'.repeat(30_000), 'MalformedInput'],
  ['Namespace=N&MetricData.member.2.MetricName=M&MetricData.member.2.Value=1', 'read'],
  ['Namespace=N&__proto__.a=1&constructor=2&%ff=3', 'read'],
])('a form, row %#, is refused as AWS does', async (body, code) => {
  expect(await codeFor('cloudwatch', 'query', 'PutMetricData', body)).toBe(code);
});

test.each([
  [Buffer.from([0xa1]), 'SerializationException'],
  [Buffer.from([0xbb, 255, 255, 255, 255, 255, 255, 255, 255]), 'SerializationException'],
  [Buffer.from([0x9b, 0, 0, 0, 255, 255, 255, 255, 255]), 'SerializationException'],
  [Buffer.from([0x18]), 'SerializationException'],
  [Buffer.alloc(100_000, 0x81), 'SerializationException'],
  [Buffer.from([0xa0]), 'ValidationException'],
])('a body of CBOR, row %#, is refused as AWS does', async (body, code) => {
  expect(await codeFor('cloudwatch', 'cbor', 'PutMetricData', body)).toBe(code);
});
