import type { Socket } from 'node:net';

/** A connection on which no question has come whole for so long is closed, in real milliseconds. */
const TCP_IDLE_MS = 10_000;
/** Answers that are written before it is seen whether anybody reads them. */
const BYTES_AT_ONCE = 65_536;
const LENGTH_BYTES = 2;

/**
 * Serves messages with their length before them, one after another on one connection, in the order in which they came (RFC 7766).
 * Whoever does not read the answers is not read from either; whoever sends nothing whole for 10 s is left.
 */
export function serveStream(socket: Socket, reply: (message: Buffer) => Buffer | undefined): void {
  const idle = setTimeout(() => socket.destroy(), TCP_IDLE_MS);
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = LENGTH_BYTES;
  const serve = (): void => {
    let rest = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, held);
    let isRead = true;
    while (isRead && isWhole(rest)) {
      const { replies, behind } = answerSome(rest, reply);
      rest = behind;
      idle.refresh();
      if (replies.length > 0) isRead = socket.write(Buffer.concat(replies));
    }
    if (!isRead) socket.pause();
    chunks = rest.length === 0 ? [] : [rest];
    held = rest.length;
    needed = lengthOf(rest);
  };
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held >= needed && !socket.isPaused()) serve();
  });
  socket.on('drain', () => {
    socket.resume();
    if (held >= needed) serve();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => clearTimeout(idle));
}

/** Answers to the messages at the front, and what is behind those that were answered. */
function answerSome(
  pending: Buffer,
  reply: (message: Buffer) => Buffer | undefined,
): { readonly replies: readonly Buffer[]; readonly behind: Buffer } {
  const replies: Buffer[] = [];
  let behind = pending;
  for (let bytes = 0; bytes < BYTES_AT_ONCE && isWhole(behind);) {
    const end = lengthOf(behind);
    const answer = reply(behind.subarray(LENGTH_BYTES, end));
    behind = behind.subarray(end);
    if (answer === undefined) continue;
    replies.push(Buffer.of(answer.length >> 8, answer.length & 0xff), answer);
    bytes += answer.length;
  }
  return { replies, behind };
}

function isWhole(pending: Buffer): boolean {
  return pending.length >= lengthOf(pending);
}

/** Of the message at the front and its length; of the length alone while that has not come. */
function lengthOf(pending: Buffer): number {
  return pending.length < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + pending.readUInt16BE(0);
}
