/**
 * Whether a text that somebody has typed may be said back: not what looks like JSON or a key in the wrong place, which
 * no message must repeat.
 * @param text an argument of the command line, or the name of a field
 */
export function isShowable(text: string): boolean {
  if (/[{}"\n\r]/.test(text)) return false;
  // A path says which file it is about; folders may have any name.
  if (/^\.{0,2}\/[^/]+\//.test(text) || /\.[a-z]{2,8}$/i.test(text)) return true;
  return !/(?=[a-z_+/=-]*\d)[\w+/=-]{16,}/i.test(text);
}

/** A text that somebody has typed, in quotation marks; `…` where it may not be said back. */
export function quoted(text: string): string {
  return isShowable(text) ? `"${text}"` : "…";
}
