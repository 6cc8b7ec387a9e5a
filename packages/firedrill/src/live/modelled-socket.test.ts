import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WorldClock } from './clock.ts';
import { playSocket } from './modelled-socket.ts';
import { frame } from './web-socket-frames.ts';

function played(): ReturnType<typeof playSocket>['connection'] {
  const socket = { bytes: undefined, webSocket: { answers: true, messageIntervalMs: 1 }, latencyMs: 0 };
  return playSocket(socket, new WorldClock(1)).connection;
}

test('a connection on which no frames come is ended, and nobody waits for its idle timeout', async () => {
  const connection = played();
  // There is no such opcode (RFC 6455, 5.2).
  connection.write(Buffer.from([0x83, 0x00]));
  await once(connection, 'close');
  expect(connection.destroyed).toBe(true);
});

test('a client that closes is answered with a close, and with the end of the connection', async () => {
  const connection = played();
  connection.write(frame('close', Buffer.alloc(0), true));
  const came: Buffer[] = [];
  for await (const chunk of connection) came.push(chunk as Buffer);
  expect(Buffer.concat(came).subarray(-2)).toEqual(frame('close', Buffer.alloc(0), false));
});
