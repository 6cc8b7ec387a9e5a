import { request } from 'node:https';
import { isIP } from 'node:net';
import type { TakeOver } from './take-over.ts';

const TIMEOUT_MS = 10_000;

/** What came of asking one side for the name: a status, or why there is none. */
export type SideAnswer = { readonly status: number } | { readonly error: string };

/**
 * Asks one side as a user would who was led there: connects to the side's own name or address, and asks it for the users' name,
 * in the handshake and in the request. So a certificate or a custom domain that the side lacks shows too.
 */
export async function askSide(side: string, { name, path }: TakeOver): Promise<SideAnswer> {
  return await new Promise((resolve) => {
    const headers = { host: name, 'user-agent': 'firedrill' };
    const asked = request(
      {
        host: side,
        servername: isIP(name) === 0 ? name : '',
        path,
        method: 'GET',
        headers,
        timeout: TIMEOUT_MS,
        agent: false,
      },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0 });
      },
    );
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    asked.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ error: error.message || (error.code ?? 'no answer') }),
    );
    asked.end();
  });
}
