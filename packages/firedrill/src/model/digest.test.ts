import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digest, keyedDigest } from './digest.ts';

test.each(['md5', 'sha1', 'sha256'] as const)('%s gives the same as the one of Node', (name) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 100 }), (bytes, key) => {
      expect(hex(digest(name, bytes))).toBe(createHash(name).update(bytes).digest('hex'));
      expect(hex(keyedDigest(name, key, bytes))).toBe(createHmac(name, key).update(bytes).digest('hex'));
    }),
    { numRuns: 60 },
  );
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
