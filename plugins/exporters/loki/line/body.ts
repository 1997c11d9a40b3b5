/** Field number of the body in a log record. */
export const bodyField = 5;
