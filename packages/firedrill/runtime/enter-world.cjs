'use strict';

/*
 * Loaded into every Node program that `firedrill exec` runs. Node's own fetch, http and https, and older AWS SDKs know no
 * proxy; their connections to hosts by name are led to the doors of the world instead, where the server name of TLS or the Host
 * header says where they go.
 */

const doors = JSON.parse(process.env.FIREDRILL_DOORS || '{}');

if (doors.tls !== undefined) {
  const net = require('node:net');
  const dns = require('node:dns');
  const { TLSSocket } = require('node:tls');
  const sockets = net.Socket.prototype;
  const own = Reflect.get(sockets, 'connect');
  const connect = (socket, args) => own.apply(socket, args);

  sockets.connect = function enterWorld(...args) {
    // What net.connect itself passes on is a list, with the options first.
    const isList = Array.isArray(args[0]);
    const options = isList ? args[0][0] : optionsOf(args);
    const door = options === undefined ? undefined : doorFor(options, this instanceof TLSSocket);
    if (door === undefined) return connect(this, args);
    const { localPort: _port, lookup: _lookup, ...rest } = options;
    const led = { ...rest, host: '127.0.0.1', port: door };
    if (doors.from === undefined) delete led.localAddress;
    else led.localAddress = doors.from;
    if (isList) {
      args[0][0] = led;
      return connect(this, args);
    }
    const callback = args.find((arg) => typeof arg === 'function');
    return connect(this, callback === undefined ? [led] : [led, callback]);
  };

  // Programs that ask name servers themselves ask those of the world.
  dns.setServers([`${doors.dns.address}:${doors.dns.port}`]);

  function optionsOf([first, second]) {
    if (typeof first === 'object' && first !== null) return first;
    if (typeof first === 'number' || /^\d+$/.test(String(first)))
      return { port: Number(first), host: typeof second === 'string' ? second : undefined };
    return undefined;
  }

  /** The port of the door for a connection; undefined: it goes where it was going. */
  function doorFor({ host, port, path, socket }, isTls) {
    if (path || socket || typeof host !== 'string' || host === '') return undefined;
    if (net.isIP(host) !== 0 || host.endsWith('.localhost')) return undefined;
    if (doors.direct.some((name) => host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`)))
      return undefined;
    if (isTls || Number(port) === 443) return doors.tls;
    return doors.proxy;
  }
}
