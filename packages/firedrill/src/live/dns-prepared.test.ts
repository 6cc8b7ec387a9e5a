import * as packet from 'dns-packet';
import { expect, test } from 'vitest';
import type { DnsRecord, DnsReply } from '../engine/index.ts';
import { dnsReply } from '../../test/hand-made-world.ts';
import { encodeQuestion } from './dns-codec.ts';
import { PreparedQuestions, wireReplyOf } from './dns-prepared.ts';
import type { DnsQuery } from './dns-query.ts';
import { readQuery } from './dns-query.ts';
import { encodeReply } from './dns-reply.ts';

const A: DnsRecord = { name: 'api.example.com', type: 'A', ttlSeconds: 60, data: '127.82.0.1' };
const BACKUP: DnsRecord = { ...A, data: '127.82.0.2' };
const NS: DnsRecord = { name: 'example.com', type: 'NS', ttlSeconds: 172_800, data: 'ns-1.awsdns-01.com' };

function answer(...answers: readonly DnsRecord[]): DnsReply {
  return dnsReply('NOERROR', { answers, authority: [NS] });
}

interface How {
  readonly id?: number;
  readonly type?: string;
  readonly flags?: number;
  /** Undefined: no EDNS. */
  readonly dnssecOk?: boolean;
}

function ask(name: string, { id = 1, type = 'A', flags = 0, dnssecOk }: How = {}): DnsQuery {
  const bare = encodeQuestion(id, { name: 'x.com', type });
  const cased = Buffer.concat([
    bare.subarray(0, 12),
    ...name.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    bare.subarray(bare.length - 5),
  ]);
  cased.writeUInt16BE(flags, 2);
  if (dnssecOk !== undefined) cased.writeUInt16BE(1, 10);
  const opt = dnssecOk === undefined ? [] : [Buffer.of(0, 0, 41, 4, 208, 0, 0, dnssecOk ? 0x80 : 0, 0, 0, 0)];
  const read = readQuery(Buffer.concat([cased, ...opt]));
  if (read.kind !== 'query') throw new Error('a query is expected');
  return read.query;
}

function written(query: DnsQuery, reply: DnsReply, bytesMax = 4096): Buffer {
  return encodeReply(query, wireReplyOf(reply), bytesMax);
}

test('what is copied is, byte for byte, what would have been written', () => {
  const questions = new PreparedQuestions();
  const reply = answer(A);
  const queries = [
    ask('api.example.com'),
    ask('API.Example.COM', { id: 0xbeef, flags: 0x0110 }),
    ask('api.example.com', { id: 7, dnssecOk: false }),
    ask('aPi.example.com', { id: 8, flags: 0x0100, dnssecOk: true }),
  ];
  // Once to be known.
  questions.of(ask('api.example.com'))?.replyTo(ask('api.example.com'), reply, 512);
  for (const query of queries) {
    const prepared = questions.of(query);
    expect(prepared?.question).toEqual({ name: 'api.example.com', type: 'A' });
    expect(prepared?.replyTo(query, answer({ ...A }), 512)).toEqual(written(query, reply));
  }
});

test('nothing is copied that the world has not said just now: a failover shows in the next answer', () => {
  const prepared = new PreparedQuestions().of(ask('api.example.com'));
  const query = ask('api.example.com', { id: 2 });
  const given = (reply: DnsReply): unknown => {
    const bytes = prepared?.replyTo(query, reply, 512) ?? written(query, reply);
    const [first] = packet.decode(bytes).answers ?? [];
    return first !== undefined && 'data' in first ? first.data : undefined;
  };
  const said = [A, A, A, BACKUP, BACKUP, A, BACKUP, { ...A, data: '127.82.0.3' }, A, A];
  expect(said.map((record) => given(answer(record)))).toEqual(said.map(({ data }) => data));
});

test.each([
  ['another TTL', answer({ ...A, ttlSeconds: 5 })],
  ['another code', dnsReply('SERVFAIL')],
  ['one record more', answer(A, BACKUP)],
  ['another order', answer(BACKUP, A)],
  ['other records beside it', { ...answer(A), authority: [{ ...NS, data: 'ns-2.awsdns-01.com' }] }],
  ['additional records', { ...answer(A), additional: [BACKUP] }],
])('%s is another answer', (_what, differs) => {
  const query = ask('api.example.com');
  const prepared = new PreparedQuestions().of(query);
  for (const reply of [answer(A), answer(A), differs, differs, answer(A), differs])
    expect(prepared?.replyTo(query, reply, 512) ?? written(query, reply)).toEqual(written(query, reply));
});

test('what does not fit is not copied', () => {
  const many = answer(...Array.from({ length: 40 }, (_, i) => ({ ...A, data: `127.82.0.${i}` })));
  const query = ask('api.example.com');
  const prepared = new PreparedQuestions().of(query);
  for (const _time of [1, 2]) expect(prepared?.replyTo(query, many, 512)).toBeUndefined();
  expect(prepared?.replyTo(query, many, 4096)).toEqual(written(query, many));
});

test('types, and names that differ in more than case, are kept apart', () => {
  const questions = new PreparedQuestions();
  const known = questions.of(ask('api.example.com'));
  expect(questions.of(ask('API.example.com'))).toBe(known);
  // 65 and 97 are the codes of a capital and its small letter.
  const https = questions.of(ask('api.example.com', { type: 'HTTPS' }));
  const other = questions.of(ask('api.example.com', { type: 'TYPE97' }));
  expect(new Set([known, https, other, questions.of(ask('apis.example.com'))]).size).toBe(4);
  expect(other?.question.type).toBe('TYPE97');
  expect(questions.of(ask('a/i.example.com'))).toBeUndefined();
});

test('ten thousand names are not all remembered', () => {
  const questions = new PreparedQuestions();
  const first = questions.of(ask('api.example.com'));
  for (let i = 0; i < 10_000; i++) questions.of(ask(`x${i}.example.com`));
  expect(questions.of(ask('x9999.example.com'))).toBe(questions.of(ask('x9999.example.com')));
  expect(questions.of(ask('api.example.com'))).not.toBe(first);
});
