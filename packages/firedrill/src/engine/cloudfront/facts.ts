import { facts } from '../facts.ts';

/** Every number of CloudFront that the engine goes by; those of a template's defaults included. */
export const CLOUDFRONT_FACTS = facts({
  CONNECTION_ATTEMPTS: { value: 3, standing: 'documented', line: 'CF 1.11', checked: '2026-11-21' },
  CONNECTION_TIMEOUT_SECONDS: { value: 10, standing: 'documented', line: 'CF 1.11', checked: '2026-11-21' },
  RESPONSE_TIMEOUT_SECONDS: { value: 30, standing: 'documented', line: 'CF 1.13', checked: '2026-11-21' },
  ERROR_CACHING_MIN_TTL_SECONDS: { value: 10, standing: 'documented', line: 'CF 2.1', checked: '2026-11-21' },
  /** Of what functions at viewer events get to see of a body, put in its place, or answer with (CF 5.13). */
  VIEWER_FUNCTION_BODY_BYTES: { value: 40 * 1024, standing: 'documented', line: 'CF 5.11', checked: '2026-11-21' },
  ORIGIN_FUNCTION_BODY_BYTES: { value: 1024 * 1024, standing: 'documented', line: 'CF 5.11', checked: '2026-11-21' },
  FUNCTION_CODE_BYTES: { value: 10 * 1024, standing: 'documented', line: 'CF 5.25', checked: '2026-11-21' },
  FUNCTION_MEMORY_BYTES: { value: 2 * 1024 * 1024, standing: 'documented', line: 'CF 5.25', checked: '2026-11-21' },
  /** Of a key value store, and of one key and one value in it. */
  KEY_VALUE_STORE_BYTES: { value: 5 * 1024 * 1024, standing: 'documented', line: 'CF 5.33', checked: '2026-11-21' },
  KEY_BYTES: { value: 512, standing: 'documented', line: 'CF 5.33', checked: '2026-11-21' },
  VALUE_BYTES: { value: 1024, standing: 'documented', line: 'CF 5.33', checked: '2026-11-21' },
  /** Request line, headers and query together; before 2023 it was 20,480. */
  REQUEST_HEAD_BYTES: { value: 32_768, standing: 'documented', line: 'CF 7.2', checked: '2026-11-21' },
  /** Headers of an origin's answer. */
  RESPONSE_HEADER_BYTES: { value: 32_768, standing: 'documented', line: 'CF 7.2', checked: '2026-11-21' },
  /** Without a byte from the origin a WebSocket is closed. */
  WEBSOCKET_IDLE_SECONDS: { value: 600, standing: 'documented', line: 'CF 4.21c', checked: '2026-11-21' },
  LAMBDA_TIMEOUT_SECONDS: { value: 30, standing: 'documented', line: 'CF 5.21', checked: '2026-11-21' },
  KEPT_OBJECT_BYTES_MAX: { value: 50 * 1024 ** 3, standing: 'documented', line: 'CF 3.32', checked: '2026-11-21' },
  COMPRESSED_BYTES_MIN: { value: 1000, standing: 'documented', line: 'CF 3.33', checked: '2026-11-21' },
  COMPRESSED_BYTES_MAX: { value: 10_000_000, standing: 'documented', line: 'CF 3.33', checked: '2026-11-21' },
  /** What is left of a text; only where bytes are counted and not compressed. */
  COMPRESSED_SHARE: { value: 0.3, standing: 'assumed', line: 'CF 3.33', checked: '2026-11-21' },
  INVALIDATED_FILES_MAX: { value: 3000, standing: 'documented', line: 'CF 3.46a', checked: '2026-11-21' },
  INVALIDATED_WILDCARDS_MAX: { value: 15, standing: 'documented', line: 'CF 3.46a', checked: '2026-11-21' },
  /** A distribution's own name; AWS publishes no TTL, two posts measured 60 s for its aliases. */
  DISTRIBUTION_NAME_TTL_SECONDS: { value: 60, standing: 'measured', line: 'R53 AL-03', checked: '2026-11-21' },
});

/** Methods that can fail over; OPTIONS only when it is cached (CF 1.3, 1.4). */
export const FAILOVER_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Methods that are tried again after a response timeout (CF 1.15). */
export const RETRIED_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Error codes that are always cached for the error caching minimum TTL (CF 2.2). */
export const ALWAYS_CACHED_ERRORS: ReadonlySet<number> = new Set([404, 414, 500, 501, 502, 503, 504]);

/** Error codes that are cached only when the origin sends max-age or s-maxage (CF 2.3). */
export const ERRORS_CACHED_ON_REQUEST: ReadonlySet<number> = new Set([400, 403, 405, 412, 415]);

/** Content types that are compressed (CF 3.33). */
export const COMPRESSED_TYPES: ReadonlySet<string> = new Set(
  `application/dash+xml application/eot application/font application/font-sfnt application/javascript application/json
    application/opentype application/otf application/pdf application/pkcs7-mime application/protobuf application/rss+xml
    application/truetype application/ttf application/vnd.apple.mpegurl application/vnd.mapbox-vector-tile
    application/vnd.ms-fontobject application/wasm application/xhtml+xml application/xml application/x-font-opentype
    application/x-font-truetype application/x-font-ttf application/x-httpd-cgi application/x-javascript
    application/x-mpegurl application/x-opentype application/x-otf application/x-perl application/x-ttf font/eot
    font/opentype font/otf font/ttf image/svg+xml text/css text/csv text/html text/javascript text/js text/plain
    text/richtext text/tab-separated-values text/xml text/x-component text/x-java-source text/x-script
    vnd.apple.mpegurl`.split(/\s+/),
);
