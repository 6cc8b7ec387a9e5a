import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { ChunkedBody } from './chunked-body.ts';
import { collectBody } from './open-body.ts';
import type { Signature } from '../signature.ts';
import { chunkSigner } from '../signature.ts';

async function decoded(pieces: readonly string[]): Promise<{ readonly text: string; readonly trailers: unknown }> {
  const body = Readable.from(pieces.map((piece) => Buffer.from(piece))).pipe(new ChunkedBody());
  return { text: (await collectBody(body)).toString(), trailers: body.trailers };
}

const CODED = '5\r\nhello\r\n6;chunk-signature=ab\r\n world\r\n0\r\nx-amz-checksum-crc32:abcd\r\n\r\n';

test('chunks become the body, and the headers behind them are kept', async () => {
  const whole = { text: 'hello world', trailers: { 'x-amz-checksum-crc32': 'abcd' } };
  expect(await decoded([CODED])).toEqual(whole);
  expect(await decoded(CODED.split(''))).toEqual(whole);
});

test.each([
  '5\r\nhel',
  '5\r\nhello!\r\n0\r\n\r\n',
  'x\r\n',
  '5\r\nhello\r\n',
  `${'1'.repeat(5000)}`,
  '0\r\nno header\r\n\r\n',
])('the broken coding %j is refused', async (text) => {
  await expect(decoded([text])).rejects.toMatchObject({ code: 'IncompleteBody' });
});

describe('the example of signed chunks in the documentation of S3', () => {
  // Its key, date and seed; the object is 65 KiB of the letter a.
  const signature: Signature = {
    scope: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      date: '20130524',
      region: 'us-east-1',
      service: 's3',
      isPresigned: false,
    },
    date: '20130524T000000Z',
    signedHeaders: [],
    value: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    expiresSeconds: undefined,
  };
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const signatures = [
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ];
  const coded = (byte: string): string =>
    `10000;chunk-signature=${signatures[0]}\r\n${byte.repeat(65536)}\r\n400;chunk-signature=${signatures[1]}\r\n${'a'.repeat(1024)}\r\n0;chunk-signature=${signatures[2]}\r\n\r\n`;
  const read = async (byte: string): Promise<Buffer> =>
    await collectBody(Readable.from([Buffer.from(coded(byte))]).pipe(new ChunkedBody(chunkSigner(signature, secret))));

  test('is accepted', async () => {
    expect((await read('a')).length).toBe(66560);
  });

  test('is refused with other bytes', async () => {
    await expect(read('b')).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});
