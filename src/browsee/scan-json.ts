/** Rows lie in the list data, in exports, in the answer. */
const ROW_DEPTH = 4;
/** Integers beyond 2^53, which a double cannot hold, have at least so many digits. */
const LONG = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;

/** Where in a body a row stands. */
export interface RowSpan {
  /** Byte of its opening brace. */
  readonly start: number;
  /** Byte behind its closing one. */
  readonly end: number;
  /** How many fields are written in it. */
  readonly fields: number;
  /** Whether it is one line, with integers that are not negative for its only numbers. */
  readonly plain: boolean;
}

/** What a look at a body tells. Where the body is not JSON, it tells nothing, and the spans are anywhere. */
export interface Scan {
  readonly rows: readonly RowSpan[];
  /** Whether there may be a number that a double can't hold. */
  readonly largeNumbers: boolean;
}

/**
 * Finds what lies as deep in a body as the rows of an answer do.
 * @param body JSON in UTF-8
 */
export function scanJson(body: Uint8Array): Scan {
  const rows: RowSpan[] = [];
  let depth = 0;
  let start = 0;
  let fields = 0;
  let plain = true;
  let largeNumbers = false;
  for (let at = 0; at < body.length; at += 1) {
    switch (body[at]) {
      case QUOTE:
        at = endOfText(body, at + 1);
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        if (depth === ROW_DEPTH) {
          start = at;
          fields = 0;
          plain = true;
        }
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (depth === ROW_DEPTH) rows.push({ start, end: at + 1, fields, plain });
        depth -= 1;
        break;
      case 0x3a: // :
        if (depth === ROW_DEPTH) fields += 1;
        break;
      case 0x2d: // -
      case 0x0a: // line feed
      case 0x0d: // carriage return
        plain = false;
        break;
      default:
        if (isDigit(body[at])) {
          const end = endOfDigits(body, at + 1);
          plain &&= isWhole(body[end]);
          largeNumbers ||= mayBeLarge(end - at, body[end]);
          at = end - 1;
        }
    }
  }
  return { rows, largeNumbers };
}

/** The quote that ends a text. */
function endOfText(body: Uint8Array, from: number): number {
  let at = from;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

function endOfDigits(body: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(body[at])) at += 1;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function mayBeLarge(digits: number, next: number | undefined): boolean {
  return digits >= LONG || isExponent(next);
}

/** Whether a number has neither a fraction nor an exponent. @param next the byte behind its first digits */
function isWhole(next: number | undefined): boolean {
  return next !== 0x2e && !isExponent(next); // .
}

function isExponent(byte: number | undefined): boolean {
  return byte === 0x65 || byte === 0x45; // e E
}
