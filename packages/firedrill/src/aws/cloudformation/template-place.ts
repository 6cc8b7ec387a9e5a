/** Bucket and key of an address of S3, with the bucket in its path or in its name, or of this world's own door. */
export function placeOf(text: string): { readonly bucket: string; readonly key: string } | undefined {
  if (!URL.canParse(text)) return undefined;
  const { hostname, pathname, protocol } = new URL(text);
  const path = decodeURIComponent(pathname).replace(/^\//, '');
  if (protocol === 's3:') return { bucket: hostname, key: path };
  const virtual = /^(.+?)\.(?:s3[.-](?:[a-z0-9.-]+\.)?amazonaws\.com(?:\.cn)?|localhost)$/.exec(hostname)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: path };
  const [bucket = '', ...key] = path.split('/');
  return bucket === '' || key.length === 0 ? undefined : { bucket, key: key.join('/') };
}
