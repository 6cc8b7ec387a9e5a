import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Debian's nginx as origin and as the reverse proxy that all others are measured against; one worker each. */

const COMMON = (directory, name) => `daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
error_log ${directory}/${name}.log crit;
pid ${directory}/${name}.pid;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/temp; fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi; scgi_temp_path ${directory}/scgi;
  keepalive_requests 1000000000;
  default_type application/octet-stream;
  sendfile on;
`;

/** Files of 1 KB and 100 KB, below any of the paths that mean something to an edge; 503 from the origin that is broken. */
export function originConfig(directory, port) {
  mkdirSync(path.join(directory, 'files'), { recursive: true });
  writeFileSync(path.join(directory, 'files', '1k'), 'x'.repeat(1024));
  writeFileSync(path.join(directory, 'files', '100k'), 'x'.repeat(100 * 1024));
  const file = path.join(directory, 'origin.conf');
  writeFileSync(
    file,
    `${COMMON(directory, 'origin')}
  open_file_cache max=10;
  server {
    listen 127.0.0.1:${port} reuseport;
    root ${directory}/files;
    if ($http_host = broken.example.net) { return 503; }
    rewrite ^/(hit|miss|503|refused)/(.*)$ /$2 break;
  }
}
`,
  );
  return file;
}

export function proxyConfig(directory, { originPort, closedPort, httpPort, httpsPort, key, certificate }) {
  const file = path.join(directory, 'proxy.conf');
  writeFileSync(
    file,
    `${COMMON(directory, 'proxy')}
  proxy_cache_path ${directory}/cache keys_zone=kept:10m;
  upstream sound { server 127.0.0.1:${originPort}; keepalive 128; }
  upstream away { server 127.0.0.1:${closedPort} max_fails=0; server 127.0.0.1:${originPort} backup; keepalive 128; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host first.example.net;
  server {
    listen 127.0.0.1:${httpPort} reuseport;
    listen 127.0.0.1:${httpsPort} ssl reuseport;
    # As Node's: older ones leave TLS 1.3 out unless told.
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    location / { proxy_pass http://sound; }
    location /hit/ { proxy_pass http://sound; proxy_cache kept; proxy_cache_valid 200 1d; }
    location /refused/ { proxy_pass http://away; }
    location /503/ {
      proxy_set_header Connection "";
      proxy_set_header Host broken.example.net;
      proxy_pass http://sound;
      proxy_intercept_errors on;
      error_page 500 502 503 504 = @second;
    }
    location @second { proxy_set_header Connection ""; proxy_set_header Host second.example.net; proxy_pass http://sound; }
  }
}
`,
  );
  return file;
}
