import { expect, test } from 'vitest';
import { textBodyOf } from './byte-length.ts';

test.each(['', 'QQ==', 'QUI=', 'QUJD', 'QU\nJD\r\n', '!!QUJD', '-_8='])(
  '%j has as many bytes as it is decoded to',
  (text) => {
    expect(textBodyOf(text, true).bytes).toBe(Buffer.from(text, 'base64').length);
  },
);

test('text has the length of its UTF-8', () => {
  for (const text of ['', 'a', 'é', '日本', '🙂', '\ud800'])
    expect(textBodyOf(text, false).bytes).toBe(Buffer.byteLength(text));
});
