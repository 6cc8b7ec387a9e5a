import { expect, test } from 'vitest';
import { isLoopbackHost } from '../model/index.ts';
import { hostKind, splitAuthority } from './host-kinds.ts';

test.each([
  ['sts.amazonaws.com', 'aws-api'],
  ['STS.eu-west-1.AmazonAWS.com.', 'aws-api'],
  ['my.bucket.s3.eu-west-1.amazonaws.com', 'aws-api'],
  ['s3-eu-west-1.amazonaws.com', 'aws-api'],
  ['elasticloadbalancing.eu-west-1.amazonaws.com', 'aws-api'],
  ['abc.cloudfront-kvs.global.api.aws', 'aws-api'],
  ['x.route53-recovery-cluster.us-east-1.amazonaws.com', 'aws-api'],
  ['aaaaaaaaaa.execute-api.eu-west-1.amazonaws.com', 'world'],
  ['www.example.com.s3-website-us-east-1.amazonaws.com', 'world'],
  ['www.example.com.s3-website.eu-central-1.amazonaws.com', 'world'],
  ['s3-website-us-east-1.amazonaws.com', 'world'],
  ['s3-website.eu-central-1.amazonaws.com', 'world'],
  ['app-1.eu-west-1.elb.amazonaws.com', 'world'],
  ['app-1.elb.eu-west-1.amazonaws.com', 'world'],
  ['d111.cloudfront.net', 'world'],
  ['abc.lambda-url.eu-west-1.on.aws', 'world'],
  ['www.example.com', 'world'],
  ['notamazonaws.com', 'world'],
  ['amazonaws.com.example.com', 'world'],
])('%s is answered by %s', (host, kind) => {
  expect(hostKind(host)).toBe(kind);
});

test('a host and its port are taken apart, and nothing else passes for them', () => {
  expect(splitAuthority('www.Example.com', 443)).toEqual({ host: 'www.example.com', port: 443 });
  expect(splitAuthority('www.example.com:8443', 443)).toEqual({ host: 'www.example.com', port: 8443 });
  expect(splitAuthority('[::1]:80', 443)).toEqual({ host: '[::1]', port: 80 });
  for (const wrong of ['', ':443', 'a b', 'a:0', 'a:65536', 'a:b', 'user@host', 'a/b', '::1', 'a:1:2'])
    expect(splitAuthority(wrong, 443), wrong).toBeUndefined();
});

test('only this machine is this machine', () => {
  for (const host of ['127.0.0.1', '127.81.0.1', 'localhost', 'bucket.localhost', '[::1]'])
    expect(isLoopbackHost(host), host).toBe(true);
  for (const host of ['127.0.0.1.example.com', '10.0.0.1', 'localhost.example.com', 'example.com', '1127.0.0.1'])
    expect(isLoopbackHost(host), host).toBe(false);
});
