/** `crypto`: hashes and keyed hashes. A digest without encoding is a Buffer in 2.0, a byte string in 1.0. */
export function cryptoPrelude(givesBuffers: boolean): string {
  return String.raw`(function (runner) {
'use strict';
const Bytes = runner.bytes;
const latin1 = function (value) { return (typeof value === 'string' ? Bytes.from(value) : Bytes.from(value)).toString('latin1'); };
const known = ['md5', 'sha1', 'sha256'];
const make = function (name, key) {
  if (known.indexOf(name) < 0) throw new TypeError('not supported algorithm: "' + name + '"');
  let text = '', isOver = false;
  const hash = {
    update: function (data) {
      if (isOver) throw new Error('Digest already called');
      text += latin1(data);
      return hash;
    },
    digest: function (encoding) {
      if (isOver) throw new Error('Digest already called');
      isOver = true;
      const given = key === undefined ? { name: name, text: text } : { name: name, key: key, text: text };
      const digest = Bytes.from(runner.host('digest', runner.stringify(given)), 'latin1');
      if (encoding !== undefined) return digest.toString(encoding);
      return ${givesBuffers ? 'digest' : "digest.toString('latin1')"};
    },
  };
  return hash;
};
runner.modules.crypto = {
  createHash: function (name) { return make(name, undefined); },
  createHmac: function (name, key) { return make(name, latin1(key)); },
};
})`;
}

/** `querystring`, as Node had it first. */
export const QUERYSTRING_PRELUDE = String.raw`(function (runner) {
'use strict';
const escapeText = encodeURIComponent;
const unescapeText = function (text) { try { return decodeURIComponent(text); } catch (error) { return text; } };
const encoded = function (value, escaped) { return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? escaped(String(value)) : ''; };
const querystring = {
  escape: escapeText,
  unescape: unescapeText,
  parse: function (text, separator, equals, options) {
    const sep = separator || '&', eq = equals || '=';
    const decode = options && options.decodeURIComponent ? options.decodeURIComponent : querystring.unescape;
    const most = options && options.maxKeys !== undefined ? options.maxKeys : 1000;
    const result = Object.create(null);
    if (typeof text !== 'string' || text === '') return result;
    const pairs = text.split(sep);
    for (let i = 0; i < pairs.length && (most === 0 || i < most); i++) {
      const pair = pairs[i].split('+').join(' ');
      const at = pair.indexOf(eq);
      const name = decode(at < 0 ? pair : pair.slice(0, at));
      const value = at < 0 ? '' : decode(pair.slice(at + eq.length));
      const before = result[name];
      if (before === undefined) result[name] = value;
      else if (Array.isArray(before)) before.push(value);
      else result[name] = [before, value];
    }
    return result;
  },
  stringify: function (values, separator, equals, options) {
    const sep = separator || '&', eq = equals || '=';
    const escaped = options && options.encodeURIComponent ? options.encodeURIComponent : querystring.escape;
    const pairs = [];
    if (values === null || typeof values !== 'object') return '';
    const names = Object.keys(values);
    for (let i = 0; i < names.length; i++) {
      const value = values[names[i]];
      const all = Array.isArray(value) ? value : [value];
      for (let j = 0; j < all.length; j++) pairs.push(escaped(names[i]) + eq + encoded(all[j], escaped));
    }
    return pairs.join(sep);
  },
};
querystring.decode = querystring.parse;
querystring.encode = querystring.stringify;
runner.modules.querystring = querystring;
})`;

/** `cloudfront`: key value stores, helpers for the origin, where the code runs. */
export const CLOUDFRONT_PRELUDE = String.raw`(function (runner) {
'use strict';
const host = runner.host, parse = runner.parse, stringify = runner.stringify;
const ask = function (operation, argument) {
  const answer = parse(host(operation, argument));
  if (answer.throws !== undefined) throw new Error(answer.throws);
  return answer.value;
};
const later = function (act) { return function (...given) { return new Promise(function (resolve) { resolve(act(...given)); }); }; };
const kvs = function (id) {
  ask('store', id === undefined ? '' : String(id));
  return {
    get: later(function (key, options) {
      const text = ask('get', String(key));
      const format = options === undefined || options === null || options.format === undefined ? 'string' : options.format;
      if (format === 'string') return text;
      if (format === 'json') return parse(text);
      if (format === 'bytes') return runner.bytes.from(text);
      throw new TypeError('unknown format: ' + String(format));
    }),
    exists: later(function (key) { return ask('exists', String(key)); }),
    count: later(function () { return ask('count', ''); }),
    meta: later(function () { return ask('meta', ''); }),
  };
};
const helper = function (name) { return function (...given) { ask('origin', stringify([name, given])); }; };
const cf = {
  kvs: kvs,
  updateRequestOrigin: helper('updateRequestOrigin'),
  selectRequestOriginById: helper('selectRequestOriginById'),
  createRequestOriginGroup: helper('createRequestOriginGroup'),
};
Object.defineProperty(cf, 'edgeLocation', { enumerable: true, get: function () { return ask('edge', ''); } });
runner.modules.cloudfront = cf;
})`;

/** What the event of CloudFront Functions has beside data: an id that is drawn when looked at, the query as it was sent. */
export const EVENT_PRELUDE = String.raw`(function (runner) {
'use strict';
runner.prepare = function (event) {
  const context = event.context;
  Object.defineProperty(context, 'requestId', {
    enumerable: true,
    configurable: true,
    get: function () { return runner.host('requestId', ''); },
    set: function (value) { Object.defineProperty(context, 'requestId', { value: value, enumerable: true, configurable: true, writable: true }); },
  });
  Object.defineProperty(event.request, 'rawQueryString', { enumerable: false, value: function () { return runner.host('query', ''); } });
  return event;
};
})`;
