import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CutBody, Reply } from '../conversation.ts';
import type { Asked, ScriptedEdge } from './edge-script.fixture.ts';
import { cacheControl, header, hybridEdge, xCache } from './edge-script.fixture.ts';
import { wantedRanges } from './ranges.ts';

const caching = { cachePolicy: { ...CACHING_DISABLED, id: 'c', name: 'c', defaultTtlSeconds: 60, maxTtlSeconds: 300 } };
const TEN = { status: 200, headers: [['ETag', '"a"'], ['Content-Type', 'text/plain']], bodyBytes: 10 } as const; // prettier-ignore

/** `status Content-Range X-Cache route`. */
function told(edge: ScriptedEdge, asked: Asked): string {
  const reply = edge.ask(asked);
  return `${reply.status} ${header(reply, 'Content-Range') ?? '-'} ${xCache(reply)} ${edge.takeRoute()}`.trimEnd();
}

function range(value: string, more: Asked = {}): Asked {
  return { ...more, headers: [['Range', value], ...(more.headers ?? [])] };
}

function holdingTen(): ScriptedEdge {
  const edge = hybridEdge(caching).primary(TEN);
  edge.ask();
  edge.takeRoute();
  return edge;
}

describe('what a Range header comes to for an object of ten bytes', () => {
  const check = (header: string, expected: string): void => {
    const wanted = wantedRanges(header, 10);
    const said =
      wanted.kind === 'parts' ? wanted.parts.map(({ first, last }) => `${first}-${last}`).join(' ') : wanted.kind;
    expect(said, header).toBe(expected);
  };

  test('RFC 9110, 14.1.2: a range is cut to what there is', () => {
    check('bytes=0-3', '0-3');
    check('bytes=8-', '8-9');
    check('bytes=-4', '6-9');
    check('bytes=-40', '0-9');
    check('bytes=5-500', '5-9');
    check('bytes=0-1, 4-5', '0-1 4-5');
  });

  test('RFC 9110, 15.5.17: one that begins behind the end is not satisfiable', () => {
    check('bytes=10-', 'unsatisfiable');
    check('bytes=-0', 'unsatisfiable');
    check('bytes=20-30, 40-50', 'unsatisfiable');
    check('bytes=0-1, 20-30', '0-1');
  });

  test('CF 3.31: ranges out of order, overlapping or unreadable give the whole', () => {
    for (const header of [
      'bytes=4-5, 0-1',
      'bytes=0-4, 4-5',
      'bytes=3-1',
      'bytes=',
      'bytes=a-b',
      'items=0-1',
      'bytes=-',
    ])
      check(header, 'whole');
  });
});

describe('ranges of what is kept', () => {
  test('CF 3.30: a range of a kept object is answered 206 without the origin', () => {
    const reply = holdingTen().ask(range('bytes=2-4'));
    expect([reply.status, xCache(reply), reply.body.bytes]).toEqual([206, 'Hit', 3]);
    expect((reply.body as CutBody).pieces).toEqual([{ first: 2, last: 4 }]);
    expect(header(reply, 'Content-Range')).toBe('bytes 2-4/10');
  });

  test('RFC 9110, 15.5.17: a range that is not there is answered 416 (CF 3.30)', () => {
    expect(told(holdingTen(), range('bytes=10-'))).toBe('416 bytes */10 Hit');
  });

  test('CF 3.31: several ranges in order come as parts of one answer, others as the whole', () => {
    const reply: Reply = holdingTen().ask(range('bytes=0-1, 4-5'));
    expect([reply.status, header(reply, 'Content-Type')]).toEqual([206, 'multipart/byteranges; boundary="CloudFront:FIREDRILL"']); // prettier-ignore
    const texts = (reply.body as CutBody).pieces.map((piece) => (typeof piece === 'string' ? piece : '…')).join('');
    expect(texts).toContain('Content-Type: text/plain\r\nContent-Range: bytes 4-5/10\r\n\r\n…');
    expect(told(holdingTen(), range('bytes=4-5, 0-1'))).toBe('200 - Hit');
  });

  test('RFC 9110, 13.1.5: If-Range of another version gives the whole (CF 3.30)', () => {
    expect(told(holdingTen(), range('bytes=0-1', { headers: [['If-Range', '"a"']] }))).toBe('206 bytes 0-1/10 Hit');
    expect(told(holdingTen(), range('bytes=0-1', { headers: [['If-Range', '"b"']] }))).toBe('200 - Hit');
    expect(told(holdingTen(), range('bytes=0-1', { headers: [['If-Range', 'W/"a"']] }))).toBe('200 - Hit');
  });

  test('RFC 9110, 14.2: a HEAD has no ranges (CF 3.30)', () => {
    expect(told(holdingTen(), range('bytes=0-1', { method: 'HEAD' }))).toBe('200 - Hit');
  });

  test('CF 3.28, 3.30: what has expired is asked after whole; the viewer gets its part either way', () => {
    const edge = holdingTen()
      .wait(60)
      .primary(304, { ...TEN, bodyBytes: 20 });
    expect(told(edge, range('bytes=0-1'))).toBe('206 bytes 0-1/10 RefreshHit primary');
    expect(told(edge.wait(60), range('bytes=0-1'))).toBe('206 bytes 0-1/20 Miss primary');
    expect(told(edge, {})).toBe('200 - Hit');
  });
});

describe('ranges of what is not kept', () => {
  const PART = { status: 206, headers: [['Content-Range', 'bytes 2-5/10'], ['ETag', '"a"']], bodyBytes: 4 } as const; // prettier-ignore

  test('CF 3.30: the range goes to the origin, with its If-Range', () => {
    const edge = hybridEdge(caching).primary(PART);
    edge.ask(range('bytes=2-5', { headers: [['If-Range', '"a"']] }));
    const headers = edge.seen[0]?.request.headers ?? [];
    expect([header({ headers }, 'Range'), header({ headers }, 'If-Range')]).toEqual(['bytes=2-5', '"a"']);
  });

  test('CF 3.30: a part is kept and serves ranges that lie in it, never the whole', () => {
    const edge = hybridEdge(caching).primary(PART);
    expect(told(edge, range('bytes=2-5'))).toBe('206 bytes 2-5/10 Miss primary');
    const reply = edge.ask(range('bytes=3-4'));
    expect([header(reply, 'Content-Range'), xCache(reply)]).toEqual(['bytes 3-4/10', 'Hit']);
    expect((reply.body as CutBody).pieces).toEqual([{ first: 1, last: 2 }]);
    edge.takeRoute();
    expect(told(edge, range('bytes=5-6'))).toBe('206 bytes 2-5/10 Miss primary');
    expect(told(edge.primary(TEN), {})).toBe('200 - Miss primary');
  });

  test('CF 3.30: a kept part ends with its lifetime', () => {
    const edge = hybridEdge(caching).primary({ ...PART, headers: [...PART.headers, cacheControl('max-age=5')] });
    edge.ask(range('bytes=2-5'));
    edge.takeRoute();
    expect(told(edge.wait(5), range('bytes=2-5'))).toBe('206 bytes 2-5/10 Miss primary');
  });

  test('CF 3.30: the 200 of an origin that knows no ranges is passed on whole, and kept', () => {
    const edge = hybridEdge(caching).primary(TEN);
    expect(told(edge, range('bytes=0-1'))).toBe('200 - Miss primary');
    expect(told(edge, range('bytes=0-1'))).toBe('206 bytes 0-1/10 Hit');
  });

  test('CF 2.4, 3.30: a 416 of the origin is passed on and never kept', () => {
    const edge = hybridEdge({ ...caching, statusCodes: [] }).primary({
      status: 416,
      headers: [cacheControl('max-age=60')],
    });
    expect(told(edge, range('bytes=90-'))).toBe('416 - Error primary');
    expect(told(edge, range('bytes=90-'))).toBe('416 - Error primary');
  });
});

test('CF 3.30: where nothing is kept, the origin is asked for the part without any policy that lists Range', () => {
  const edge = hybridEdge().primary({ status: 206, headers: [['Content-Range', 'bytes 0-1/9']] });
  const headers = [['Range', 'bytes=0-1'], ['If-Range', '"a"']] as const; // prettier-ignore
  expect(edge.ask({ headers }).status).toBe(206);
  edge.ask({ headers, method: 'HEAD' });
  const sent = edge.seen.map(({ request }) => [header(request, 'Range'), header(request, 'If-Range')]);
  expect(sent).toEqual([
    ['bytes=0-1', '"a"'],
    [undefined, undefined],
  ]);
});
