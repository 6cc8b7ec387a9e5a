/**
 * The seconds that the property documentation of this package claims, for one request that meets a dead
 * primary. They follow from CloudFront's published rules: a connection that never opens costs
 * `connectionAttempts` × `connectionTimeout` (CF 1.11); one that opens and never answers costs a GET or
 * HEAD `connectionAttempts` × `readTimeout`, since only those are asked again (CF 1.15, 1.16). All this as long
 * as DNS still points at the dead Region: when it moves between two attempts, the wait ends earlier. Each figure
 * is also measured in the simulator, by a test.
 */
export const CLAIMED_SECONDS = {
  /** The primary Region's packets vanish: no connection opens. */
  blackHoled: {
    /** What a GET waits, with {@link OriginTimeouts.FIRST_OF_TWO}, before the backup Region is asked. */
    ours: 2,
    /** The same with {@link OriginTimeouts.CLOUDFRONT_DEFAULTS}. */
    cloudFrontDefault: 30,
    /** What any request waits, with {@link OriginTimeouts.LAST_RESORT}, before the viewer gets an error. */
    lastResort: 4,
  },
  /** The primary Region takes connections and never answers. */
  hung: {
    /** What a GET waits, with {@link OriginTimeouts.FIRST_OF_TWO}, before the backup Region is asked. */
    ours: 10,
    /** The same with {@link OriginTimeouts.CLOUDFRONT_DEFAULTS}. */
    cloudFrontDefault: 90,
    /** What a GET waits, with {@link OriginTimeouts.LAST_RESORT}, before the viewer gets an error. */
    lastResort: 20,
  },
  /** From the metric value to the last user in the other Region, there or back, with {@link StandbyTakesOver}. */
  takeOver: { least: 30, most: 190 },
  /** S3 of the primary Region fails, behind {@link S3WebsiteFailover}. */
  websiteFailover: {
    /** What a user who comes by HTTP waits for the backup website, at the most. */
    most: 105,
  },
} as const;
