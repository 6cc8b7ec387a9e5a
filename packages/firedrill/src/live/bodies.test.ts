import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { collect, contentOf, KeptBody, peek, StreamedBody } from './bodies.ts';

const streamed = (...chunks: readonly string[]): StreamedBody =>
  new StreamedBody(
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
    undefined,
  );

async function textOf(body: StreamedBody): Promise<string> {
  const content = contentOf(body);
  if (Buffer.isBuffer(content)) return content.toString();
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a body that is looked into (CF 5.13)', () => {
  test.each([
    [3, 'abc', true],
    [6, 'abcdef', true],
    [10, 'abcdefghij', false],
    [100, 'abcdefghij', false],
  ])('shows its first %i bytes, and goes on whole', async (bytes, shown, isTruncated) => {
    const body = streamed('abc', 'def', 'ghij');
    expect(await peek(body, bytes)).toEqual({ text: base64(shown), isBase64Encoded: true, isTruncated });
    expect(await textOf(body)).toBe('abcdefghij');
  });

  test('may be looked into again, further', async () => {
    const body = streamed('abc', 'def');
    await peek(body, 2);
    expect((await peek(body, 5)).text).toBe(base64('abcde'));
    expect(await textOf(body)).toBe('abcdef');
  });

  test('may be empty, or there already', async () => {
    expect(await peek(streamed(), 5)).toEqual({ text: '', isBase64Encoded: true, isTruncated: false });
    const kept = new KeptBody(Buffer.from('abc'));
    expect(await peek(kept, 2)).toEqual({ text: base64('ab'), isBase64Encoded: true, isTruncated: true });
    expect(contentOf(kept)).toEqual(Buffer.from('abc'));
  });

  test('that breaks off meanwhile ends the request', async () => {
    const stream = new Readable({ read: () => undefined });
    const body = new StreamedBody(stream, 10);
    const looking = peek(body, 10);
    stream.push('abc');
    stream.destroy(new Error('gone'));
    await expect(looking).rejects.toThrow('the client has gone');
  });
});

describe('a body that is collected for an event', () => {
  const BINARY = Buffer.from([0xff, 0x61]);
  const collected = async (content: Buffer, encoding?: 'text' | 'base64'): Promise<unknown> =>
    await collect(new StreamedBody(Readable.from([content], { objectMode: false }), undefined), 10, encoding);

  test('RS 3.31a: is text or Base64 as it is asked for, and else as its bytes allow', async () => {
    expect(await collected(Buffer.from('é'), 'base64')).toEqual({ text: 'w6k=', isBase64Encoded: true });
    expect(await collected(BINARY, 'text')).toEqual({ text: '\ufffda', isBase64Encoded: false });
    expect(await collected(Buffer.from('é'))).toEqual({ text: 'é', isBase64Encoded: false });
    expect(await collected(BINARY)).toEqual({ text: '/2E=', isBase64Encoded: true });
  });
});
