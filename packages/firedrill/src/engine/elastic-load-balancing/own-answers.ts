import type { Account, Headers, Reply, TextBody } from '../conversation.ts';

/** Who answers, for the account that travels beside an answer. */
export interface Answering {
  readonly region: string;
  /** The event behind the answer; 0 for none. */
  readonly cause: number;
}

/** Statuses that a load balancer answers with by itself, and what it calls them (RS 6.7 to 6.10). */
const TITLES: Readonly<Record<number, string>> = {
  400: '400 Bad Request',
  404: '404 Not Found',
  413: '413 Request Entity Too Large',
  460: '460',
  463: '463',
  464: '464',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
};

/** An error page of the load balancer's own. */
export function errorPage(status: number, answering: Answering): Reply {
  const title = TITLES[status] ?? String(status);
  const text = `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>\r\n`;
  return ownReply(status, [['Content-Type', 'text/html']], text, answering);
}

export function ownReply(status: number, headers: Headers, text: string, answering: Answering): Reply {
  const body: TextBody = { bytes: text.length, text };
  return {
    kind: 'reply',
    status,
    headers: [['Server', 'awselb/2.0'], ...headers],
    body,
    account: accountOf(answering),
    store: undefined,
  };
}

export function accountOf({ region, cause }: Answering): Account {
  return { edge: '', origin: '', endpoint: region, attempts: 0, result: '', cause };
}
