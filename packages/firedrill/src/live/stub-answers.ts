import { questionOf, readQuery } from './dns-query.ts';
import { encodeReply } from './dns-reply.ts';
import { TCP_BYTES_MAX } from './dns-types.ts';
import type { OutsideClients } from './outside-clients.ts';

/**
 * Answers a question as the resolver of a network does: it has asked whom it takes, and says what it came to. For programs
 * whose system asks it; addresses of hosts are all it knows.
 * @param own addresses of names that are none of the world's.
 * @returns undefined when the message is no question.
 */
export async function answerAsResolver(
  bytes: Buffer,
  outside: Pick<OutsideClients, 'addressesOf'>,
  own: (name: string) => string | undefined,
): Promise<Buffer | undefined> {
  const read = readQuery(bytes);
  if (read.kind === 'drop') return undefined;
  if (read.kind === 'refusal') return read.reply;
  const { name, type } = questionOf(read.query);
  const address = own(name);
  const found =
    address === undefined
      ? await outside.addressesOf(name)
      : { rcode: 'NOERROR' as const, addresses: [address], ttlSeconds: OWN_TTL_SECONDS };
  const { rcode, addresses, ttlSeconds } = found;
  const answers = type === 'A' ? addresses.map((data) => ({ name, type, ttlSeconds, data })) : [];
  // With authority, for the libraries of systems take an empty answer without it for none (glibc).
  return encodeReply(read.query, { rcode, isAuthoritative: true, answers, authority: [] }, TCP_BYTES_MAX);
}

const OWN_TTL_SECONDS = 60;
