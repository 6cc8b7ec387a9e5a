import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { createRandom } from '../engine/index.ts';
import { readClientHello } from './client-hello.ts';

/** What Node's own TLS begins with. */
async function helloFor(servername: string | undefined): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, ...(servername === undefined ? {} : { servername }) });
  client.on('error', () => undefined);
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [hello] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}

test('the server name is read from a real client, and not before its hello is whole', async () => {
  const hello = await helloFor('www.example.com');
  expect(readClientHello(hello)).toEqual({ kind: 'hello', serverName: 'www.example.com' });
  for (let length = 0; length < hello.length; length++)
    expect(readClientHello(hello.subarray(0, length)).kind, String(length)).toBe('partial');
  expect(readClientHello(Buffer.concat([hello, Buffer.from('more')])).kind).toBe('hello');
});

test('a client that names nobody is heard all the same', async () => {
  expect(readClientHello(await helloFor(undefined))).toEqual({ kind: 'hello', serverName: undefined });
});

test('what is no ClientHello is none, and damaged ones throw nothing', async () => {
  expect(readClientHello(Buffer.from('GET / HTTP/1.1\r\n')).kind).toBe('none');
  expect(readClientHello(Buffer.from([22, 3, 1, 255, 255, 1])).kind).toBe('none');
  const hello = await helloFor('www.example.com');
  const draws = createRandom('client-hello').stream('damage');
  for (let n = 0; n < 5000; n++) {
    const damaged = Buffer.from(hello);
    for (let i = 0; i < 3; i++) damaged[Math.floor(draws.next() * damaged.length)] = Math.floor(draws.next() * 256);
    expect(['hello', 'partial', 'none']).toContain(readClientHello(damaged).kind);
  }
});
