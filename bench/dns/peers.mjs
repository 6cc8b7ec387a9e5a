import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ZONE_FILE } from './zone.mjs';

/*
 * Name servers to be measured beside ours: one thread each, unprivileged ports of loopback, nothing outside their directory.
 * Each takes a directory and a port, writes its configuration, and says what to run.
 */

export const PEERS = [
  {
    name: 'BIND',
    program: '/usr/sbin/named',
    debian: 'bind9',
    prepare(directory, port) {
      const file = path.join(directory, 'named.conf');
      writeFileSync(
        file,
        `options { directory "${directory}"; pid-file none; session-keyfile none; recursion no; minimal-responses no;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; dnssec-validation no; querylog no; };
controls { };
zone "example.com" { type primary; file "${directory}/zone"; };
`,
      );
      return ['-g', '-c', file, '-n', '1', '-U', '1'];
    },
  },
  {
    name: 'NSD',
    program: '/usr/sbin/nsd',
    debian: 'nsd',
    prepare(directory, port) {
      const file = path.join(directory, 'nsd.conf');
      writeFileSync(
        file,
        `server:
  server-count: 1
  ip-address: 127.0.0.1@${port}
  zonesdir: "${directory}"
  database: ""
  username: ""
  logfile: "${directory}/log"
  pidfile: "${directory}/pid"
  xfrdfile: "${directory}/xfrd"
  xfrdir: "${directory}"
  zonelistfile: "${directory}/list"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: example.com
  zonefile: zone
`,
      );
      return ['-d', '-c', file];
    },
  },
  {
    name: 'Knot',
    program: '/usr/sbin/knotd',
    debian: 'knot',
    prepare(directory, port) {
      const file = path.join(directory, 'knot.conf');
      writeFileSync(
        file,
        `server:
    rundir: "${directory}"
    listen: 127.0.0.1@${port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "${directory}"
log:
  - target: stderr
    any: error
zone:
  - domain: example.com
    file: "${directory}/zone"
`,
      );
      return ['-c', file, '-s', path.join(directory, 'control')];
    },
  },
  {
    name: 'PowerDNS',
    program: '/usr/sbin/pdns_server',
    debian: 'pdns-server pdns-backend-bind',
    prepare(directory, port) {
      writeFileSync(
        path.join(directory, 'bind.conf'),
        `zone "example.com" { type master; file "${directory}/zone"; };\n`,
      );
      writeFileSync(
        path.join(directory, 'pdns.conf'),
        `launch=bind
bind-config=${directory}/bind.conf
local-address=127.0.0.1
local-port=${port}
socket-dir=${directory}
receiver-threads=1
distributor-threads=1
daemon=no
guardian=no
disable-syslog=yes
loglevel=1
security-poll-suffix=
`,
      );
      return [`--config-dir=${directory}`];
    },
  },
].map((peer) => ({ ...peer, isThere: existsSync(peer.program), zone: ZONE_FILE }));
