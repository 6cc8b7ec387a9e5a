import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WireAnswer } from './protocol/message.ts';

/**
 * Sends an answer. A request whose body nobody wants any more is not read to its end: its connection closes.
 * @throws what befalls the connection, or the stream of the answer.
 */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: WireAnswer,
): Promise<void> {
  const { status, headers, body } = answer;
  if (!request.complete) {
    response.setHeader('connection', 'close');
    request.resume();
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, sendable(value));
  response.statusCode = status;
  if (body instanceof Readable) {
    await pipeline(request.method === 'HEAD' ? Readable.from([]) : body, response);
    return;
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  // The head of an object that is not sent has the object's own length.
  const isBodiless = request.method === 'HEAD' || status === 204 || status === 304;
  if (!isBodiless) response.setHeader('content-length', bytes.byteLength);
  response.end(isBodiless ? undefined : bytes);
}

/** Headers carry bytes: text outside Latin-1 goes as UTF-8, line ends not at all. */
function sendable(value: string): string {
  return Buffer.from(value.replaceAll(/[\r\n]/g, ' '), 'utf8').toString('latin1');
}
