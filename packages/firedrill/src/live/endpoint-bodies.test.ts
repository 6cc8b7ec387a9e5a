import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Body, CodedBody, CutBody, World } from '../engine/index.ts';
import {
  answering,
  bodyReply,
  exchangeWith,
  GATEWAY,
  handMadeWorld,
  passOn,
  textReply,
  withWorld,
} from '../../test/hand-made-world.ts';
import { connectionFor, overHttp1, overHttp2 } from '../../test/edge-clients.ts';
import { collectGarbage } from '../../test/garbage.ts';
import { settles } from '../../test/settles.ts';
import { KeptBody, StreamedBody } from './bodies.ts';
import { KEPT_BODY_BYTES_MAX } from './body-keeper.ts';
import { SpooledBody } from './spooled-body.ts';

describe('bodies', () => {
  /** The edge passes on, the gateway sends the request's body back. */
  const echo: Partial<World> = { serve: passOn(({ request }) => bodyReply(request.body ?? { bytes: 0 })) };

  test('128 MB go through an edge and back without ever being held whole', async () => {
    const bytes = 128 * 1024 * 1024;
    const chunk = Buffer.alloc(64 * 1024, 'firedrill');
    await withWorld(handMadeWorld(echo), async (local) => {
      const request = secureRequest(
        await connectionFor(local, { method: 'POST', headers: { 'Content-Length': String(bytes) } }),
      );
      const sent = createHash('sha256');
      const received = createHash('sha256');
      const held = (): number => {
        collectGarbage();
        return process.memoryUsage().arrayBuffers;
      };
      const began = held();
      let most = 0;
      let came = 0;
      const source = Readable.from(
        (function* chunks() {
          for (let left = bytes; left > 0; left -= chunk.length) {
            sent.update(chunk);
            yield chunk;
          }
        })(),
      );
      const response = once(request, 'response') as Promise<[IncomingMessage]>;
      const sending = pipeline(source, request);
      const [answer] = await response;
      expect(answer.headers['content-length']).toBe(String(bytes));
      for await (const part of answer as AsyncIterable<Buffer>) {
        received.update(part);
        came += part.length;
        // A few times.
        if (came % (bytes / 16) < part.length) most = Math.max(most, held() - began);
      }
      await sending;
      expect(received.digest('hex')).toBe(sent.digest('hex'));
      expect(most).toBeLessThan(bytes / 2);
    });
  });

  test('a client that leaves ends what was being fetched for it', async () => {
    const source = new Readable({ read: () => undefined });
    source.push('some');
    const closed = new Promise<void>((resolve) => source.once('close', resolve));
    const world: Partial<World> = {
      serve: answering(() => bodyReply(new StreamedBody(source, 100))),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      const request = secureRequest(await connectionFor(local, {}));
      request.on('error', () => undefined);
      request.end();
      await once(request, 'response');
      request.destroy();
      await closed;
      expect(source.destroyed).toBe(true);
    });
  });

  test('answers that a conversation does not pass on are given up', async () => {
    const closed: Promise<void>[] = [];
    const world: Partial<World> = {
      *serve(arrival) {
        if (arrival.to === GATEWAY.address) {
          const endless = new Readable({ read: () => undefined });
          endless.push('some');
          closed.push(new Promise((resolve) => void endless.once('close', resolve)));
          return bodyReply(new StreamedBody(endless, undefined));
        }
        for (let i = 0; i < 2; i++) yield exchangeWith({ to: GATEWAY.address });
        return textReply('neither');
      },
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).text).toBe('neither');
      await Promise.all(closed);
      expect(closed).toHaveLength(2);
    });
  });

  test('an edge keeps a body that came whole, a large one on disk, and none that broke off (CF 2.40)', async () => {
    const kept: (Body | 'none')[] = [];
    const bodies: Readable[] = [
      Readable.from([Buffer.from('whole')]),
      Readable.from([Buffer.alloc(KEPT_BODY_BYTES_MAX, 'a'), Buffer.from('b')]),
      Readable.from(
        (function* broken() {
          yield Buffer.from('some');
          throw new Error('gone');
        })(),
      ),
    ];
    const world: Partial<World> = {
      serve: answering(() => {
        const stream = bodies.shift() ?? new PassThrough();
        return { ...bodyReply(new StreamedBody(stream, undefined)), store: (body) => void kept.push(body ?? 'none') };
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).text).toBe('whole');
      expect((await overHttp1(local)).text).toHaveLength(KEPT_BODY_BYTES_MAX + 1);
      await expect(overHttp1(local)).rejects.toThrow('aborted');
    });
    expect(await settles(() => kept.length === 3)).toBe(true);
    expect(kept[2]).toBe('none');
    const large = kept[1] as SpooledBody;
    expect(large).toBeInstanceOf(SpooledBody);
    for (const read of [large.read(), large.read()]) {
      const content = await buffer(read);
      expect([content.length, content.at(-2), content.at(-1)]).toEqual([KEPT_BODY_BYTES_MAX + 1, 97, 98]);
    }
    expect(kept[0]).toBeInstanceOf(KeptBody);
    expect((kept[0] as KeptBody).content.toString()).toBe('whole');
  });

  test('a large body that breaks off leaves nothing on disk (CF 2.40)', async () => {
    const kept: (Body | 'none')[] = [];
    const world: Partial<World> = {
      serve: answering(() => {
        const broken = Readable.from(
          (function* parts() {
            yield Buffer.alloc(KEPT_BODY_BYTES_MAX + 1);
            throw new Error('gone');
          })(),
        );
        return { ...bodyReply(new StreamedBody(broken, undefined)), store: (body) => void kept.push(body ?? 'none') };
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      await expect(overHttp1(local)).rejects.toThrow('aborted');
    });
    expect(await settles(() => kept.length > 0)).toBe(true);
    expect(kept).toEqual(['none']);
  });

  test.each(['as it comes', 'kept'])('pieces are cut out of a body that is there %s (CF 3.30, 3.31)', async (how) => {
    const content = Buffer.from('0123456789');
    const kept: Body[] = [];
    const world: Partial<World> = {
      serve: answering(() => {
        const chunks = [content.subarray(0, 3), content.subarray(3, 4), content.subarray(4)];
        const of: Body = how === 'kept' ? new KeptBody(content) : new StreamedBody(Readable.from(chunks), 10);
        const pieces = ['<', { first: 1, last: 4 }, '|', { first: 8, last: 9 }, '>'];
        const store = (body: Body | undefined): void => void kept.push(body ?? { bytes: -1 });
        const body: CutBody = { of, pieces, bytes: 9 };
        return { ...bodyReply(body), store };
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).text).toBe('<1234|89>');
      expect((await overHttp1(local)).text).toBe('<1234|89>');
    });
    // Of pieces it is the whole that is kept.
    expect(kept.map((body) => (body as KeptBody).content.toString())).toEqual(['0123456789', '0123456789']);
  });

  test.each(['br', 'gzip'] as const)(
    'what CloudFront compresses comes compressed with %s, and is kept so (CF 3.33)',
    async (coding) => {
      const text = 'compressible '.repeat(1000);
      const kept: (Body | undefined)[] = [];
      const bodies: Body[] = [
        new StreamedBody(Readable.from([Buffer.from(text)]), text.length),
        new KeptBody(Buffer.from(text)),
      ];
      const world: Partial<World> = {
        serve: answering(() => {
          const body: CodedBody = { of: bodies.shift() ?? { bytes: 0 }, coding, bytes: undefined };
          return {
            ...bodyReply(body),
            headers: [['Content-Encoding', coding]],
            store: (whole) => void kept.push(whole),
          };
        }),
      };
      await withWorld(handMadeWorld(world), async (local) => {
        await overHttp1(local);
        await overHttp1(local);
        expect(await settles(() => kept.length === 2)).toBe(true);
      });
      const decode = coding === 'br' ? brotliDecompressSync : gunzipSync;
      for (const body of kept) {
        expect((body as KeptBody).bytes).toBeLessThan(1000);
        expect(decode((body as KeptBody).content).toString()).toBe(text);
      }
    },
  );

  test('a body that a viewer has already is read all the same, so that it can be kept (CF 3.28)', async () => {
    const kept: (Body | undefined)[] = [];
    const world: Partial<World> = {
      serve: answering(() => {
        const of = new StreamedBody(Readable.from([Buffer.from('whole')]), 5);
        const body: CutBody = { of, pieces: [], bytes: 0 };
        return { ...bodyReply(body), status: 304, store: (whole) => void kept.push(whole) };
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).status).toBe(304);
      expect(await settles(() => kept.length === 1)).toBe(true);
    });
    expect((kept[0] as KeptBody).content.toString()).toBe('whole');
  });

  test('what an edge keeps can be served again and again', async () => {
    const world: Partial<World> = {
      serve: answering(() => bodyReply(new KeptBody(Buffer.from('kept')))),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).text).toBe('kept');
      expect((await overHttp2(local)).text).toBe('kept');
    });
  });
});
