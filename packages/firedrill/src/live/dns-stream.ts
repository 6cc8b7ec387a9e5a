import type { Socket } from 'node:net';

/** A connection on which no question has come whole for so long is closed, in real milliseconds. */
const TCP_IDLE_MS = 10_000;
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
  const serve = (pending: Buffer): Buffer => {
    const replies: Buffer[] = [];
    let rest = pending;
    while (rest.length >= LENGTH_BYTES && rest.length >= LENGTH_BYTES + rest.readUInt16BE(0)) {
      const end = LENGTH_BYTES + rest.readUInt16BE(0);
      const answer = reply(rest.subarray(LENGTH_BYTES, end));
      rest = rest.subarray(end);
      if (answer !== undefined) replies.push(Buffer.of(answer.length >> 8, answer.length & 0xff), answer);
      idle.refresh();
    }
    if (replies.length > 0 && !socket.write(Buffer.concat(replies))) socket.pause();
    return rest;
  };
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) return;
    const rest = serve(chunks.length === 1 ? chunk : Buffer.concat(chunks, held));
    chunks = rest.length === 0 ? [] : [rest];
    held = rest.length;
    needed = LENGTH_BYTES + (held >= LENGTH_BYTES ? rest.readUInt16BE(0) : 0);
  });
  socket.on('drain', () => socket.resume());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => clearTimeout(idle));
}
