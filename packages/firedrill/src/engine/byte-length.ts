import type { TextBody } from './conversation.ts';

/** Length in UTF-8. */
export function byteLengthOf(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** A body of text, or of what a Base64 text stands for. */
export function textBodyOf(text: string, isBase64Encoded: boolean): TextBody {
  const bytes = isBase64Encoded ? Math.floor((text.replace(/=+$/, '').length * 3) / 4) : byteLengthOf(text);
  return { bytes, text, isBase64Encoded };
}
