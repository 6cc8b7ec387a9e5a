/** One thing that must be so before traffic is moved. */
export interface Check {
  readonly isOk: boolean;
  /** So it is, and yet somebody should know before acting. */
  readonly isDoubtful?: boolean;
  readonly says: string;
  /** What to do when it is not so, or about the doubt. */
  readonly remedy?: string;
}
