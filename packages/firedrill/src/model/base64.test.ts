import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64Of, bytesOfBase64, utf8Of } from './base64.ts';

test('bytes are encoded as Node does, and come back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 255 })), (bytes) => {
      expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(bytesOfBase64(base64Of(bytes))).toEqual(bytes);
    }),
  );
});

test('a text becomes the bytes that an encoder makes of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Of(text)).toEqual([...new TextEncoder().encode(text)]);
    }),
  );
});

test('half a surrogate pair becomes U+FFFD', () => {
  expect(utf8Of('a\ud800b')).toEqual([...new TextEncoder().encode('a\ud800b')]);
});
