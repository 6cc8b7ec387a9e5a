import { duplexPair } from 'node:stream';
import { after, msBetween } from '../model/index.ts';
import type { ModelledSocket } from '../engine/index.ts';
import type { WorldClock } from './clock.ts';
import { TunnelBody } from './tunnel.ts';
import { frame, FrameReader } from './web-socket-frames.ts';

/** The model of a server that has taken a WebSocket: it plays the other end of a connection within this process. */
export function playSocket({ webSocket, latencyMs }: ModelledSocket, clock: WorldClock): TunnelBody {
  const [near, far] = duplexPair();
  const say = (): void => {
    if (!far.writableEnded && !far.destroyed) far.write(frame('text', MESSAGE, false));
  };
  const reader = new FrameReader({
    message() {
      if (webSocket.answers) clock.after(latencyMs, say);
    },
    close: () => void far.end(frame('close', Buffer.alloc(0), false)),
    ping: (payload) => void far.write(frame('pong', payload, false)),
    broken: () => void near.destroy(),
  });
  // What ends one half of a pair in disorder is not told to the other one.
  near.once('close', () => far.destroy());
  far.on('data', (chunk: Buffer) => reader.push(chunk));
  far.once('end', () => far.end());
  far.on('error', () => undefined);
  const { messageIntervalMs } = webSocket;
  if (messageIntervalMs !== undefined) {
    const began = clock.now();
    // Counted from the first, so that delays do not add up.
    const speak = (nth: number): void => {
      if (far.writableEnded || far.destroyed) return;
      const ms = msBetween(clock.now(), after(began, nth * messageIntervalMs));
      clock.after(ms, () => {
        say();
        speak(nth + 1);
      });
    };
    speak(1);
  }
  return new TunnelBody(near, Buffer.alloc(0));
}

const MESSAGE = Buffer.from('firedrill');
