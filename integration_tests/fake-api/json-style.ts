/** JSON as others than JSON.stringify write it, on one line: the same value in other letters. */
const STYLES = {
  /** Python's json.dumps. */
  python: { escaped: /[^ -~]/g, space: " " },
  /** Go's encoding/json. */
  go: { escaped: /[<>&\u2028\u2029]/g, space: "" },
  /** PHP's json_encode. */
  php: { escaped: /[^ -~]/g, space: "", slash: "\\/" },
  capitals: { escaped: /[^ -~]|\?/g, space: "   ", capitals: true },
} as const;

export type JsonStyle = keyof typeof STYLES;

export const JSON_STYLES = ["python", "go", "php", "capitals"] as const satisfies readonly JsonStyle[];

/** @param json as JSON.stringify writes it */
export function rewritten(json: string, name: JsonStyle): string {
  const style: { escaped: RegExp; space: string; slash?: string; capitals?: boolean } = STYLES[name];
  const number = (letter: string) => {
    const digits = letter.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${style.capitals ? digits.toUpperCase() : digits}`;
  };
  const text = (token: string) =>
    // What is escaped already stays as it is.
    token.replace(/\\u....|\\.|[^\\]+/gs, (part) =>
      part.startsWith("\\") ? part : part.replace(style.escaped, number).replaceAll("/", style.slash ?? "/"),
    );
  return json.replace(/"(?:[^"\\]|\\.)*"|[,:[\]]/g, (token) =>
    token.startsWith('"') ? text(token) : spaced(token, style.space),
  );
}

function spaced(token: string, space: string): string {
  return token === "]" ? `${space.slice(1)}]` : `${token}${token === "[" ? space.slice(1) : space}`;
}
