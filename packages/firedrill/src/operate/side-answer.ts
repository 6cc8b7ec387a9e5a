import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect as secure } from 'node:tls';
import type { TakeOver } from './take-over.ts';

const TIMEOUT_MS = 10_000;

/** What came of asking one side for the name: a status, or why there is none. */
export type SideAnswer = { readonly status: number } | { readonly error: string };

/**
 * Asks one side as a user would who was led there: connects to the side's own name or address, and asks it for the users' name,
 * in the handshake and in the request. So a certificate or a custom domain that the side lacks shows too. Goes through the
 * proxy of `HTTPS_PROXY` when there is one.
 */
export async function askSide(side: string, { name, path }: TakeOver): Promise<SideAnswer> {
  try {
    const proxy = process.env['HTTPS_PROXY'] ?? process.env['https_proxy'];
    const tunnel = proxy === undefined || proxy === '' ? undefined : await throughProxy(new URL(proxy), side);
    return { status: await ask(side, { name, path }, tunnel) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: error.message || ((error as NodeJS.ErrnoException).code ?? 'no answer') };
  }
}

async function ask(
  side: string,
  { name, path }: Pick<TakeOver, 'name' | 'path'>,
  tunnel: Socket | undefined,
): Promise<number> {
  const servername = isIP(name) === 0 ? name : '';
  return await new Promise((resolve, reject) => {
    const asked = request(
      {
        host: side,
        servername,
        path,
        headers: { host: name, 'user-agent': 'firedrill' },
        timeout: TIMEOUT_MS,
        // With an agent, whichever, nobody asks for createConnection.
        ...(tunnel === undefined
          ? { agent: false }
          : { createConnection: () => secure({ socket: tunnel, servername }) }),
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    asked.once('error', reject);
    asked.end();
  });
}

/** A connection to the side as the proxy makes it. */
async function throughProxy(proxy: URL, side: string): Promise<Socket> {
  const { hostname, port, username, password } = proxy;
  const user = [username, password].map(decodeURIComponent).join(':');
  const headers = username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` };
  const host = { host: hostname, port: Number(port || '80'), headers };
  return await new Promise((resolve, reject) => {
    const asked = plainRequest({ ...host, method: 'CONNECT', path: `${side}:443`, timeout: TIMEOUT_MS, agent: false });
    asked.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} answers ${statusCode}`));
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer of the proxy within ${TIMEOUT_MS / 1000} s`)));
    asked.once('error', reject);
    asked.end();
  });
}
