import type { TextBody } from './conversation.ts';

/** Length in UTF-8. */
export function byteLengthOf(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit <= 0x7f) continue;
    bytes += unit > 0x7ff ? 2 : 1;
    // The two of a pair have four bytes together; one alone has three, as what stands for it.
    if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) i += 1;
  }
  return bytes;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** A body of text, or of what a Base64 text stands for. */
export function textBodyOf(text: string, isBase64Encoded: boolean): TextBody {
  const bytes = isBase64Encoded ? decodedLengthOf(text) : byteLengthOf(text);
  return { bytes, text, isBase64Encoded };
}

/** Line breaks and whatever else is no digit of Base64 count for nothing, as where it is decoded. */
function decodedLengthOf(base64: string): number {
  const end = base64.indexOf('=');
  const digits = (end < 0 ? base64 : base64.slice(0, end)).replaceAll(/[^A-Za-z0-9+/_-]/g, '');
  return Math.floor((digits.length * 3) / 4);
}
