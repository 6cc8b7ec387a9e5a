/** Of the program and of its package; a test holds both together. */
export const VERSION = '0.1.0';
