/** What each way to end means to a caller. */
export const EXIT = {
  asExpected: 0,
  verdictNo: 1,
  inputWrong: 2,
  ourFault: 3,
  /** As shells report a program that Ctrl-C ended. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
