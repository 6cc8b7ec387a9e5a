/** `Buffer`, `atob`, `btoa` and the text codecs, as far as both documents and programs use them. */
export const BUFFER_PRELUDE = String.raw`(function (runner) {
'use strict';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = Object.create(null);
for (let i = 0; i < 64; i++) VALUES[BASE64.charCodeAt(i)] = i;
VALUES[45] = 62; VALUES[95] = 63;
const ofUtf8 = function (text) {
  const bytes = [];
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i);
    if (code > 0xffff) i++;
    else if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
};
const toUtf8 = function (bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i++];
    const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    if (more < 1) { text += more < 0 ? '\ufffd' : String.fromCharCode(first); continue; }
    let code = first & (0x3f >> more);
    let left = more;
    while (left > 0 && i < bytes.length && (bytes[i] & 0xc0) === 0x80) { code = (code << 6) | (bytes[i++] & 63); left--; }
    const least = more === 1 ? 0x80 : more === 2 ? 0x800 : 0x10000;
    text += left > 0 || code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code);
  }
  return text;
};
const ofBase64 = function (text) {
  const bytes = [];
  let held = 0, bits = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)];
    if (text[i] === '=') break;
    if (value === undefined) continue;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) { bits -= 8; bytes.push((held >> bits) & 255); }
  }
  return bytes;
};
const toBase64 = function (bytes, isUrl) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const three = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
    text += BASE64[three >> 18] + BASE64[(three >> 12) & 63];
    text += left > 1 ? BASE64[(three >> 6) & 63] : isUrl ? '' : '=';
    text += left > 2 ? BASE64[three & 63] : isUrl ? '' : '=';
  }
  return isUrl ? text.split('+').join('-').split('/').join('_') : text;
};
const ofLatin1 = function (text) { const bytes = []; for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i) & 255); return bytes; };
const toLatin1 = function (bytes) { let text = ''; for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]); return text; };
const ofHex = function (text) { const bytes = []; for (let i = 0; i + 1 < text.length; i += 2) { const byte = parseInt(text.slice(i, i + 2), 16); if (byte !== byte) break; bytes.push(byte); } return bytes; };
const toHex = function (bytes) { let text = ''; for (let i = 0; i < bytes.length; i++) text += (bytes[i] < 16 ? '0' : '') + bytes[i].toString(16); return text; };
const codecs = {
  utf8: [ofUtf8, toUtf8], 'utf-8': [ofUtf8, toUtf8], hex: [ofHex, toHex], latin1: [ofLatin1, toLatin1], binary: [ofLatin1, toLatin1],
  ascii: [ofLatin1, toLatin1], base64: [ofBase64, function (bytes) { return toBase64(bytes, false); }],
  base64url: [ofBase64, function (bytes) { return toBase64(bytes, true); }],
};
const codec = function (encoding) {
  const found = codecs[encoding === undefined ? 'utf8' : String(encoding).toLowerCase()];
  if (found === undefined) throw new TypeError('Unknown encoding: "' + encoding + '"');
  return found;
};
const blank = function (length) { const bytes = new Uint8Array(length); Object.setPrototypeOf(bytes, Buffer.prototype); return bytes; };
const holding = function (values) { const bytes = blank(values.length); bytes.set(values); return bytes; };
const Buffer = function () { throw new TypeError('Buffer is not a constructor'); };
Buffer.prototype = Object.create(Uint8Array.prototype, { constructor: { value: Buffer, writable: true, configurable: true } });
Buffer.from = function (source, encoding) {
  if (typeof source === 'string') return holding(codec(encoding)[0](source));
  if (source instanceof ArrayBuffer) return holding(new Uint8Array(source));
  if (source !== null && typeof source === 'object') return holding(source.type === 'Buffer' ? source.data : source);
  throw new TypeError('first argument is not a string or Buffer-like object');
};
Buffer.alloc = function (size, fill, encoding) { const bytes = blank(size); return fill === undefined ? bytes : bytes.fill(fill, 0, size, encoding); };
Buffer.allocUnsafe = Buffer.alloc;
Buffer.isBuffer = function (value) { return value instanceof Uint8Array && Object.getPrototypeOf(value) === Buffer.prototype; };
Buffer.isEncoding = function (name) { return typeof name === 'string' && codecs[name.toLowerCase()] !== undefined; };
Buffer.byteLength = function (value, encoding) { return typeof value === 'string' ? codec(encoding)[0](value).length : value.byteLength; };
Buffer.concat = function (list, total) {
  let length = 0;
  for (let i = 0; i < list.length; i++) length += list[i].length;
  const bytes = blank(total === undefined ? length : total);
  for (let i = 0, at = 0; i < list.length && at < bytes.length; i++) {
    const part = list[i].length > bytes.length - at ? list[i].slice(0, bytes.length - at) : list[i];
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
Buffer.compare = function (a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
};
const own = Buffer.prototype;
const nativeFill = Uint8Array.prototype.fill;
own.toString = function (encoding, start, end) {
  const part = start === undefined && end === undefined ? this : Uint8Array.prototype.subarray.call(this, start, end);
  return codec(encoding)[1](part);
};
own.toJSON = function () { return { type: 'Buffer', data: Array.from(this) }; };
own.equals = function (other) { return Buffer.compare(this, other) === 0; };
own.compare = function (other) { return Buffer.compare(this, other); };
own.slice = own.subarray = function (start, end) { const part = Uint8Array.prototype.subarray.call(new Uint8Array(this.buffer, this.byteOffset, this.length), start, end); Object.setPrototypeOf(part, own); return part; };
own.fill = function (value, start, end, encoding) {
  if (typeof value !== 'string') return nativeFill.call(this, value, start, end);
  const bytes = codec(encoding)[0](value);
  for (let i = start || 0; i < (end === undefined ? this.length : end); i++) this[i] = bytes.length === 0 ? 0 : bytes[(i - (start || 0)) % bytes.length];
  return this;
};
own.write = function (text, offset, length, encoding) {
  const from = typeof offset === 'number' ? offset : 0;
  const bytes = codec(typeof offset === 'string' ? offset : typeof length === 'string' ? length : encoding)[0](text);
  const count = Math.min(bytes.length, this.length - from, typeof length === 'number' ? length : Infinity);
  for (let i = 0; i < count; i++) this[from + i] = bytes[i];
  return count;
};
own.indexOf = function (value, from, encoding) {
  if (typeof value === 'number') return Uint8Array.prototype.indexOf.call(this, value & 255, from);
  const wanted = typeof value === 'string' ? codec(encoding)[0](value) : value;
  for (let i = from || 0; i + wanted.length <= this.length; i++) {
    let same = 0;
    while (same < wanted.length && this[i + same] === wanted[same]) same++;
    if (same === wanted.length) return i;
  }
  return -1;
};
own.includes = function (value, from, encoding) { return this.indexOf(value, from, encoding) >= 0; };
own.copy = function (target, at, start, end) {
  const part = Uint8Array.prototype.subarray.call(new Uint8Array(this.buffer, this.byteOffset, this.length), start, end);
  const count = Math.min(part.length, target.length - (at || 0));
  for (let i = 0; i < count; i++) target[(at || 0) + i] = part[i];
  return count;
};
const numbers = [['UInt8', 'Uint8', 1], ['Int8', 'Int8', 1], ['UInt16', 'Uint16', 2], ['Int16', 'Int16', 2], ['UInt32', 'Uint32', 4], ['Int32', 'Int32', 4], ['Float', 'Float32', 4], ['Double', 'Float64', 8]];
for (let i = 0; i < numbers.length; i++) {
  const [name, native, size] = numbers[i];
  const orders = size === 1 ? [['', false]] : [['LE', true], ['BE', false]];
  for (let j = 0; j < orders.length; j++) {
    const [suffix, isLittle] = orders[j];
    own['read' + name + suffix] = function (offset) { return new DataView(this.buffer, this.byteOffset, this.length)['get' + native](offset || 0, isLittle); };
    own['write' + name + suffix] = function (value, offset) { new DataView(this.buffer, this.byteOffset, this.length)['set' + native](offset || 0, value, isLittle); return (offset || 0) + size; };
  }
}
runner.bytes = Buffer;
runner.modules.buffer = { Buffer: Buffer };
const define = function (name, value) { Object.defineProperty(globalThis, name, { value: value, writable: true, configurable: true }); };
define('Buffer', Buffer);
define('atob', function (text) { return toLatin1(ofBase64(String(text))); });
define('btoa', function (text) {
  const given = String(text);
  for (let i = 0; i < given.length; i++) if (given.charCodeAt(i) > 255) throw new TypeError('invalid character (>= U+00FF)');
  return toBase64(ofLatin1(given), false);
});
define('TextEncoder', class TextEncoder { get encoding() { return 'utf-8'; } encode(text) { return new Uint8Array(ofUtf8(text === undefined ? '' : String(text))); } });
define('TextDecoder', class TextDecoder { get encoding() { return 'utf-8'; } decode(bytes) { return bytes === undefined ? '' : toUtf8(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)); } });
})`;

/** What runtime 1.0 has in place of `Buffer`: methods of strings. */
export const BYTE_STRINGS_PRELUDE = String.raw`(function (runner) {
'use strict';
const Bytes = runner.bytes;
const method = function (owner, name, value) { Object.defineProperty(owner, name, { value: value, writable: true, configurable: true }); };
method(String, 'bytesFrom', function (source, encoding) {
  return typeof source === 'string' ? Bytes.from(source, encoding).toString('latin1') : Bytes.from(source).toString('latin1');
});
method(String.prototype, 'fromBytes', function (start, end) { return String(this).slice(start, end); });
method(String.prototype, 'toBytes', function (start, end) { return String(this).slice(start, end); });
method(String.prototype, 'fromUTF8', function (start, end) { return Bytes.from(String(this).slice(start, end), 'latin1').toString(); });
method(String.prototype, 'toUTF8', function (start, end) { return Bytes.from(String(this).slice(start, end)).toString('latin1'); });
delete globalThis.Buffer; delete globalThis.TextEncoder; delete globalThis.TextDecoder; delete globalThis.atob; delete globalThis.btoa;
delete runner.modules.buffer;
})`;
