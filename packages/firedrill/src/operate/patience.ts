/** How long a call of AWS may take before it is tried again, and how often: an operator waits for what it says. */
export const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;
