import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Where the resolver of the network listens; `resolv.conf` names it. */
export const RESOLVER_ADDRESS = '127.0.0.53';
const RESOLVER_PORT = 53;

/** Ports that AWS listens on. */
const WEB_PORTS = [443, 80];

/** Connections that one port holds at one time. */
const CONNECTIONS_MAX = 5000;

/**
 * Runs inside of a network of its own, all of whose addresses are loopback ones: what programs send to any of them goes to the
 * world by its socket in the file system.
 */
export async function openGate(doorPath: string): Promise<void> {
  for (const port of WEB_PORTS) {
    const server = createServer({ pauseOnConnect: true }, (client) => {
      const { localAddress = '' } = client;
      enter(client, doorPath, `tcp ${localAddress} ${port}`);
    });
    server.maxConnections = CONNECTIONS_MAX;
    server.listen(port, '0.0.0.0');
    await once(server, 'listening');
  }
  const tcp = createServer({ pauseOnConnect: true }, (client) => enter(client, doorPath, 'dns'));
  tcp.maxConnections = CONNECTIONS_MAX;
  tcp.listen(RESOLVER_PORT, RESOLVER_ADDRESS);
  await once(tcp, 'listening');
  const udp = createSocket('udp4');
  udp.on('message', (question, { address, port }) => {
    ask(doorPath, question).then(
      (reply) => udp.send(reply, port, address),
      () => undefined,
    );
  });
  udp.on('error', () => undefined);
  udp.bind(RESOLVER_PORT, RESOLVER_ADDRESS);
  await once(udp, 'listening');
}

function enter(client: Socket, doorPath: string, line: string): void {
  client.on('error', () => undefined);
  open(doorPath, line).then(
    (door) => {
      client.pipe(door);
      door.pipe(client);
      door.once('close', () => client.destroySoon());
      client.once('close', () => door.destroySoon());
    },
    () => client.resetAndDestroy(),
  );
}

/** A connection on which the world has said that it may go on. */
async function open(doorPath: string, line: string): Promise<Socket> {
  const door = connect(doorPath);
  door.on('error', () => undefined);
  door.write(`${line}\n`);
  return await new Promise((resolve, reject) => {
    door.once('close', () => reject(new Error('the world does not let it in')));
    door.once('readable', () => {
      const answer = door.read(OK.length) as Buffer | null;
      if (answer?.toString() === OK) resolve(door);
      else door.destroy();
    });
  });
}

const OK = 'ok\n';

/** A question over UDP, as one over TCP. */
async function ask(doorPath: string, question: Buffer): Promise<Buffer> {
  const door = await open(doorPath, 'dns');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(question.length);
  door.write(Buffer.concat([length, question]));
  const chunks: Buffer[] = [];
  for await (const chunk of door) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).subarray(2);
}
