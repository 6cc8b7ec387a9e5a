/** Clocks of the runtimes: they stand still during a run, and are in UTC. */
export const DATE_PRELUDE = String.raw`(function (runner) {
'use strict';
const Native = Date;
const now = function () { return +runner.host('now', ''); };
const zoned = /[zZ]$|[+-]\d\d:?\d\d$|GMT|UTC|^\d{4}(-\d\d(-\d\d)?)?$/;
const parsed = function (text) {
  const trimmed = text.trim();
  return zoned.test(trimmed) ? Native.parse(trimmed) : Native.parse(/T\d/.test(trimmed) ? trimmed + 'Z' : trimmed + ' UTC');
};
const Fixed = function Date(...given) {
  if (!new.target) return new Fixed(now()).toString();
  if (given.length === 0) return new Native(now());
  if (given.length === 1) return new Native(typeof given[0] === 'string' ? parsed(given[0]) : given[0]);
  return new Native(Native.UTC(...given));
};
Fixed.prototype = Native.prototype;
Fixed.now = now;
Fixed.UTC = Native.UTC;
Fixed.parse = function (text) { return parsed(String(text)); };
const proto = Native.prototype;
const parts = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds', 'Day'];
for (let i = 0; i < parts.length; i++) {
  proto['get' + parts[i]] = proto['getUTC' + parts[i]];
  if (parts[i] !== 'Day') proto['set' + parts[i]] = proto['setUTC' + parts[i]];
}
proto.getTimezoneOffset = function () { return 0; };
const utc = proto.toUTCString;
proto.toString = function () {
  const text = utc.call(this);
  const words = text.split(' ');
  return words.length < 6 ? text : words[0].slice(0, 3) + ' ' + words[2] + ' ' + words[1] + ' ' + words[3] + ' ' + words[4] + ' GMT+0000 (UTC)';
};
proto.constructor = Fixed;
globalThis.Date = Fixed;
})`;
