import type { Header, Headers } from '../conversation.ts';
import { HOP_BY_HOP } from '../headers.ts';

/** Headers of an answer as clients get them: API Gateway has some of its own, and renames the server's (RS 3.27, 3.27a). */
export function remapped(headers: Headers): readonly Header[] {
  return headers.flatMap(([name, value]): Header[] => {
    const plain = name.toLowerCase();
    if (REMAPPED.has(plain)) return [[`x-amzn-Remapped-${name}`, value]];
    return HOP_BY_HOP.has(plain) ? [] : [[name, value]];
  });
}

const REMAPPED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'server',
  'www-authenticate',
  'x-amzn-requestid',
]);
