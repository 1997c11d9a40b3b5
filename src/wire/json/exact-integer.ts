const notation = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/**
 * The integer that a decimal notation such as `15`, `-1.5e1` or `1e3` stands for, exactly. Undefined where it is no integer,
 * has more than 20 digits, or is no number.
 */
export function exactInteger(text: string): bigint | undefined {
  const match = notation.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  let first = 0;
  while (first < digits.length && digits[first] === '0') first++;
  let end = digits.length;
  while (end > first && digits[end - 1] === '0') end--;
  if (first === end) return 0n;
  const zeros = Number(exponent) - fraction.length + digits.length - end;
  if (zeros < 0 || end - first + zeros > 20) return undefined;
  return BigInt(sign + digits.slice(first, end) + '0'.repeat(zeros));
}
