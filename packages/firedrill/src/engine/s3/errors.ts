/** Errors that S3 answers with: status, its word, and the message as S3 writes it (RS 5.10, 5.19 to 5.21). */
export const S3_ERRORS = {
  AccessDenied: [403, 'Forbidden', 'Access Denied'],
  AuthorizationHeaderMalformed: [400, 'Bad Request', 'The authorization header is malformed'],
  IllegalLocationConstraintException: [
    400,
    'Bad Request',
    'The location constraint is incompatible for the region specific endpoint this request was sent to.',
  ],
  IncorrectEndpoint: [
    400,
    'Bad Request',
    'The specified bucket exists in another region. Please direct requests to the specified endpoint.',
  ],
  EntityTooSmall: [400, 'Bad Request', 'Your proposed upload is smaller than the minimum allowed size'],
  InvalidPart: [
    400,
    'Bad Request',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  ],
  InvalidPartOrder: [
    400,
    'Bad Request',
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
  ],
  MalformedXML: [
    400,
    'Bad Request',
    'The XML you provided was not well-formed or did not validate against our published schema',
  ],
  NoSuchUpload: [
    404,
    'Not Found',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ],
  InternalError: [500, 'Internal Server Error', 'We encountered an internal error. Please try again.'],
  InvalidRange: [416, 'Requested Range Not Satisfiable', 'The requested range is not satisfiable'],
  MethodNotAllowed: [405, 'Method Not Allowed', 'The specified method is not allowed against this resource.'],
  NoSuchBucket: [404, 'Not Found', 'The specified bucket does not exist'],
  NoSuchKey: [404, 'Not Found', 'The specified key does not exist.'],
  NoSuchVersion: [404, 'Not Found', 'The specified version does not exist.'],
  NoSuchWebsiteConfiguration: [404, 'Not Found', 'The specified bucket does not have a website configuration'],
  NotImplemented: [501, 'Not Implemented', 'A header you provided implies functionality that is not implemented.'],
  PermanentRedirect: [
    301,
    'Moved Permanently',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
  ],
  PreconditionFailed: [412, 'Precondition Failed', 'At least one of the pre-conditions you specified did not hold'],
  SignatureDoesNotMatch: [
    403,
    'Forbidden',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  SlowDown: [503, 'Slow Down', 'Please reduce your request rate.'],
  TemporaryRedirect: [
    307,
    'Temporary Redirect',
    'Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.',
  ],
} as const satisfies Readonly<Record<string, readonly [number, string, string]>>;

export type S3ErrorCode = keyof typeof S3_ERRORS;

/** The error that a status which a fault gives stands for. */
export function errorOfStatus(status: number): S3ErrorCode | undefined {
  switch (status) {
    case 403:
      return 'AccessDenied';
    case 404:
      return 'NoSuchKey';
    case 500:
      return 'InternalError';
    case 503:
      return 'SlowDown';
    default:
      return undefined;
  }
}

/** Text inside markup. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
