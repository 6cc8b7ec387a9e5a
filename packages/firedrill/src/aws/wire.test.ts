import { expect, test } from 'vitest';
import { ask } from './raw-request.fixture.ts';
import type { RawAnswer, RawRequest } from './raw-request.fixture.ts';
import { openTestWorld } from './world.fixture.ts';

/* What goes over the wire, byte for byte, in each protocol: as recorded clients send it, as AWS answers. */

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const PARAMETER = `  P: { Type: AWS::SSM::Parameter, Properties: { Type: String, Name: /a, Value: 'v' } }\n`;
const SCOPE = 'AWS4-HMAC-SHA256 Credential=AKID/20261121/eu-west-1/';
const REQUEST_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function signedFor(service: string): { readonly authorization: string } {
  return { authorization: `${SCOPE}${service}/aws4_request, SignedHeaders=host, Signature=0` };
}

/** Status, type, what the protocol adds in headers, and the body. */
async function exchange(raw: RawRequest): Promise<string> {
  const { endpoint } = await openTestWorld({ 'eu-west-1': PARAMETER });
  const answer = await ask(endpoint, raw);
  const more = ['x-amzn-query-error', 'x-amzn-errortype', 'smithy-protocol'].flatMap((name) =>
    headerLine(answer, name),
  );
  const body = answer.headers['content-type'] === 'application/cbor' ? answer.bytes.toString('hex') : answer.text;
  return [`${answer.status} ${String(answer.headers['content-type'])}`, ...more, body]
    .join('\n')
    .replaceAll(REQUEST_ID, 'ID');
}

function headerLine({ headers }: RawAnswer, name: string): readonly string[] {
  return headers[name] === undefined ? [] : [`${name}: ${String(headers[name])}`];
}

test('RS 1.58: Query', async () => {
  const ask = async (body: string): Promise<string> => await exchange({ headers: { 'content-type': FORM }, body });
  expect(await ask('Action=GetCallerIdentity&Version=2011-06-15')).toBe(
    `200 text/xml
<?xml version="1.0" encoding="UTF-8"?>
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><UserId>111122223333</UserId><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:root</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
  expect(
    await ask(
      'Action=PutMetricData&Version=2010-08-01&Namespace=N&MetricData.member.1.MetricName=M&MetricData.member.1.Value=1',
    ),
  ).toBe(
    `200 text/xml
<?xml version="1.0" encoding="UTF-8"?>
<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></PutMetricDataResponse>`,
  );
  expect(await ask('Action=Unheard&Version=2010-08-01')).toBe(
    `400 text/xml
<?xml version="1.0" encoding="UTF-8"?>
<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation Unheard for this version.</Message></Error><RequestId>ID</RequestId></ErrorResponse>`,
  );
});

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };
const QUERY_MODE = { 'x-amzn-query-mode': 'true' };

test('RS 1.56, 1.59, 1.60: JSON 1.0, with the codes of Query in a header', async () => {
  const put = async (body: string): Promise<string> =>
    await exchange({
      headers: { ...JSON_1_0, ...QUERY_MODE, 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData' },
      body,
    });
  expect(await put('{"Namespace":"N","MetricData":[{"MetricName":"M","Value":1.0}]}')).toBe(
    '200 application/x-amz-json-1.0\n{}',
  );
  expect(await put('{"Namespace":"N","MetricData":[{"MetricName":"M","Value":1.0,"Values":[1]}]}')).toBe(
    `400 application/x-amz-json-1.0
x-amzn-query-error: InvalidParameterCombination;Sender
{"__type":"com.amazonaws.cloudwatch#InvalidParameterCombinationException","message":"The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both."}`,
  );
});

test('JSON 1.1', async () => {
  const ask = async (operation: string, body: string): Promise<string> =>
    await exchange({
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonSSM.${operation}`,
        ...signedFor('ssm'),
      },
      body,
    });
  expect(await ask('GetParameter', '{"Name":"/a"}')).toBe(
    `200 application/x-amz-json-1.1
{"Parameter":{"Name":"/a","Type":"String","Value":"v","Version":1,"LastModifiedDate":1795262400,"ARN":"arn:aws:ssm:eu-west-1:111122223333:parameter/a","DataType":"text"}}`,
  );
  expect(await ask('GetParameter', '{"Name":"/b"}')).toBe(
    '400 application/x-amz-json-1.1\n{"__type":"ParameterNotFound","message":""}',
  );
  expect(await ask('Unheard', '{}')).toBe(
    '400 application/x-amz-json-1.1\n{"__type":"UnknownOperationException","message":""}',
  );
});

test('RS 1.57: CBOR', async () => {
  const put = async (body: string, operation = 'PutMetricData'): Promise<string> =>
    await exchange({
      path: `/service/GraniteServiceVersion20100801/operation/${operation}`,
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor', accept: 'application/cbor' },
      body: Buffer.from(body, 'hex'),
    });
  // {"Namespace": "N", "MetricData": [{"MetricName": "M", "Value": 1}]}
  const metric = 'a2694e616d657370616365614e6a4d657472696344617461' + '81a26a4d65747269634e616d65614d6556616c756501';
  expect(await put(metric)).toBe('200 undefined\nsmithy-protocol: rpc-v2-cbor\n');
  expect(await put('a0')).toMatch(/^400 application\/cbor\nsmithy-protocol: rpc-v2-cbor\na2665f5f74797065/);
  expect(await put('a0', 'Unheard')).toMatch(/^404 application\/cbor\nsmithy-protocol: rpc-v2-cbor\n/);
});

test('REST with XML', async () => {
  const get = async (path: string, service = 'route53'): Promise<string> =>
    await exchange({ method: 'GET', path, headers: signedFor(service) });
  expect(await get('/2013-04-01/hostedzonecount')).toBe(
    `200 text/xml
<?xml version="1.0" encoding="UTF-8"?>
<GetHostedZoneCountResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><HostedZoneCount>1</HostedZoneCount></GetHostedZoneCountResponse>`,
  );
  expect(await get('/2013-04-01/hostedzone/ZNONE')).toBe(
    `404 text/xml
<?xml version="1.0" encoding="UTF-8"?>
<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>NoSuchHostedZone</Code><Message>No hosted zone found with ID: ZNONE</Message></Error><RequestId>ID</RequestId></ErrorResponse>`,
  );
  // What older clients of Python end paths with.
  expect(await get('/2013-04-01/hostedzone/ZNONE/')).toContain('<Code>NoSuchHostedZone</Code>');
  expect(await get('/2013-04-01/unheard')).toContain('404 text/xml');
  expect(await get('/bucket?unheard-of', 's3')).toContain('<Error><Code>NoSuchBucket</Code>');
});

test('REST with JSON', async () => {
  const get = async (path: string): Promise<string> =>
    await exchange({ method: 'GET', path, headers: signedFor('lambda') });
  expect(await get('/2015-03-31/unheard')).toBe(
    `404 application/json
x-amzn-errortype: UnknownOperationException
{"message":""}`,
  );
});

test('a service that the world does not have is refused in the form that the request shows', async () => {
  const target = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'CloudTrail_20131101.LookupEvents' };
  expect(await exchange({ headers: { ...target, ...signedFor('cloudtrail') }, body: '{}' })).toBe(
    '400 application/x-amz-json-1.1\n{"__type":"UnknownOperationException","message":""}',
  );
  expect(
    await exchange({
      headers: { 'content-type': FORM, ...signedFor('sqs') },
      body: 'Action=ListQueues&Version=2012-11-05',
    }),
  ).toContain('<Code>InvalidAction</Code>');
});
