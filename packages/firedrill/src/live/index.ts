export { DnsServer } from './dns-server.ts';
export { DnsClient } from './dns-client.ts';
