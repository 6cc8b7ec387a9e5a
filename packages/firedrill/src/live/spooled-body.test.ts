import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Spool, SpooledBody } from './spooled-body.ts';

async function textOf(body: SpooledBody): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body.read()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('a body is whole for the next reader, though the one before has left in the middle', async () => {
  const spool = Spool.open();
  if (spool === undefined) throw new Error('there is room for a file');
  spool.write(Buffer.from('first '.repeat(20_000)));
  const body = new SpooledBody(spool);
  const left = body.read();
  await once(left, 'readable');
  left.destroy();
  await once(left, 'close');
  // Whoever opens a file now would get the number of one that was closed.
  const other = Spool.open();
  other?.write(Buffer.from('other '.repeat(20_000)));
  expect(await textOf(body)).toBe('first '.repeat(20_000));
  other?.close();
  spool.close();
});
