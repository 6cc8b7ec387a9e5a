import { describe, expect, test } from 'vitest';
import { frame, FrameReader } from './web-socket-frames.ts';

/** What is told of bytes, however they come. */
function told(bytes: Buffer, chunkBytes = bytes.length): readonly string[] {
  const heard: string[] = [];
  const reader = new FrameReader({
    message: () => void heard.push('message'),
    close: () => void heard.push('close'),
    ping: (payload) => void heard.push(`ping ${payload.toString()}`),
    broken: () => void heard.push('broken'),
  });
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
  return heard;
}

/** A frame of RFC 6455, 5.2, by hand. */
function raw(first: number, length: number): Buffer {
  const payload = Buffer.alloc(length, 'a');
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

const FIN = 0x80;
const [CONTINUATION, TEXT, BINARY, PING] = [0, 1, 2, 9];

describe('frames are read, byte by byte or all at once (RFC 6455, 5.2)', () => {
  const CASES = [
    {
      says: 'a text and a binary message',
      bytes: [raw(FIN | TEXT, 5), raw(FIN | BINARY, 0)],
      heard: ['message', 'message'],
    },
    {
      says: 'one of 200 and one of 70,000 bytes',
      bytes: [raw(FIN | TEXT, 200), raw(FIN | TEXT, 70_000)],
      heard: ['message', 'message'],
    },
    {
      says: 'a message in pieces, with a ping between them',
      bytes: [raw(TEXT, 3), raw(FIN | PING, 2), raw(CONTINUATION, 200), raw(FIN | CONTINUATION, 1)],
      heard: ['ping aa', 'message'],
    },
    {
      says: 'masked ones',
      bytes: [frame('ping', Buffer.from('hey'), true), frame('text', Buffer.from('x'), true)],
      heard: ['ping hey', 'message'],
    },
    {
      says: 'a close, and a pong that nobody asked for',
      bytes: [frame('pong', Buffer.alloc(0), false), frame('close', Buffer.alloc(0), false)],
      heard: ['close'],
    },
  ];
  test.each(CASES)('$says', ({ bytes, heard }) => {
    const all = Buffer.concat(bytes);
    expect(told(all)).toEqual(heard);
    expect(told(all, 1)).toEqual(heard);
    expect(told(all, 3)).toEqual(heard);
  });

  test.each([
    ['a ping of more than 125 bytes', raw(FIN | PING, 126)],
    ['a frame of an unknown kind', raw(FIN | 5, 1)],
  ])('%s breaks off, and nothing after it is read', (_says, bytes) => {
    expect(told(Buffer.concat([bytes, raw(FIN | TEXT, 1)]))).toEqual(['broken']);
  });
});
