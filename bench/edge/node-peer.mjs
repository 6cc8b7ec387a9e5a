import { readFileSync } from 'node:fs';
import { createServer as createHttp, get } from 'node:http';
import { createServer as createHttps } from 'node:https';

/*
 * One of the proxies for Node, as its documentation shows it, with connections to the origin that are kept. Arguments: which, the
 * port of the origin, its own ports for HTTP and HTTPS, key and certificate.
 */

const [which, originPort, httpPort, httpsPort, keyFile, certificateFile] = process.argv.slice(2);
const target = `http://127.0.0.1:${originPort}`;
const tls = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
const { Agent } = await import('node:http');
const keeping = () => new Agent({ keepAlive: true, maxSockets: 256 });

/** A viewer that leaves in the middle would keep its connection to the origin for ever, and after some rounds none were left. */
function endingWithViewer(asked, _request, response) {
  response.once('close', () => response.writableFinished || asked.destroy());
}

function listen(handle) {
  createHttp(handle).listen(Number(httpPort), '127.0.0.1');
  createHttps(tls, handle).listen(Number(httpsPort), '127.0.0.1');
}

const PEERS = {
  async 'http-proxy'() {
    const { default: httpProxy } = await import('http-proxy');
    const proxy = httpProxy.createProxyServer({ target, agent: keeping() });
    proxy.on('error', (_error, _request, response) => response.destroy());
    proxy.on('proxyReq', endingWithViewer);
    listen((request, response) => proxy.web(request, response));
  },
  async 'http-proxy-middleware'() {
    const { createProxyMiddleware } = await import('http-proxy-middleware');
    const proxy = createProxyMiddleware({ target, agent: keeping(), on: { proxyReq: endingWithViewer } });
    listen((request, response) => void proxy(request, response, () => response.destroy()));
  },
  async '@fastify/http-proxy'() {
    const { default: fastify } = await import('fastify');
    const { default: httpProxy } = await import('@fastify/http-proxy');
    for (const [port, options] of [
      [httpPort, {}],
      [httpsPort, { https: tls }],
    ]) {
      const app = fastify(options);
      await app.register(httpProxy, { upstream: target });
      await app.listen({ port: Number(port), host: '127.0.0.1' });
    }
  },
  async 'fast-proxy'() {
    const { default: fastProxy } = await import('fast-proxy');
    const passing = fastProxy({ base: target, undici: { connections: 64, pipelining: 1 } });
    listen((request, response) => passing.proxy(request, response, request.url, {}));
  },
  /** The least that a proxy on Node's server and undici's client can be. */
  async 'node:http and undici'() {
    const { Pool } = await import('undici');
    const pool = new Pool(target, { connections: 64, pipelining: 1 });
    listen((request, response) => {
      pool.dispatch(
        { path: request.url, method: request.method, headers: { host: request.headers.host } },
        {
          // As above.
          onConnect: (abort) => response.once('close', () => response.writableFinished || abort()),
          onError: () => response.destroy(),
          onHeaders(status, headers, resume) {
            response.on('drain', resume);
            response.writeHead(status, headers.map(String));
          },
          onData: (chunk) => response.write(chunk),
          onComplete: () => response.end(),
        },
      );
    });
  },
  /** The least that a cache on Node's server can be. */
  async 'node:http and a Map'() {
    const kept = new Map();
    for (const path of ['/hit/1k', '/hit/100k']) {
      await new Promise((resolve) => {
        get(`${target}${path}`, (incoming) => {
          const chunks = [];
          incoming.on('data', (chunk) => chunks.push(chunk));
          incoming.on('end', () => {
            kept.set(path, Buffer.concat(chunks));
            resolve();
          });
        });
      });
    }
    listen((request, response) => {
      const body = kept.get(request.url);
      response.writeHead(200, { 'Content-Length': body.length, 'Content-Type': 'application/octet-stream' });
      response.end(body);
    });
  },
};
await PEERS[which]();
