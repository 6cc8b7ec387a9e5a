import { Decimal } from 'decimal.js';
import { DYNAMODB_FACTS } from './facts.ts';
import { invalid } from './refusal.ts';

/** Exact for any two numbers of DynamoDB: their digits lie within 130 places before and behind the point. */
const Exact = Decimal.clone({ precision: 300, toExpNeg: -1000, toExpPos: 1000, minE: -1000, maxE: 1000 });

const WRITTEN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;

/**
 * A number as DynamoDB keeps it and gives it back: no zeros that say nothing, no exponent.
 * @throws Refusal for what is no number, has more than 38 digits, or is too large or too small.
 */
export function canonicalNumber(text: string): string {
  return textOf(read(text));
}

function read(text: string): Decimal {
  if (!WRITTEN.test(text.trim()))
    throw invalid(`The parameter cannot be converted to a numeric value: ${text.slice(0, 200)}`);
  return new Exact(text.trim());
}

function textOf(number: Decimal): string {
  if (number.isZero()) return '0';
  if (number.precision() > DYNAMODB_FACTS.NUMBER_DIGITS_MAX.value)
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  if (number.e > DYNAMODB_FACTS.NUMBER_EXPONENT_MAX.value)
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (number.e < DYNAMODB_FACTS.NUMBER_EXPONENT_MIN.value)
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  return number.toFixed();
}

/** Below 0, 0 or above, as `a` is less than, equal to or more than `b`. */
export function compareNumbers(a: string, b: string): number {
  return new Exact(a).comparedTo(new Exact(b));
}

/** @throws Refusal when the sum cannot be kept. */
export function sum(a: string, b: string): string {
  return textOf(read(a).plus(read(b)));
}

/** @throws Refusal when the difference cannot be kept. */
export function difference(a: string, b: string): string {
  return textOf(read(a).minus(read(b)));
}

/** Bytes that a number takes in an item, about: two digits a byte, and one. */
export function numberBytes(text: string): number {
  return Math.ceil(new Exact(text).precision() / 2) + 1;
}
