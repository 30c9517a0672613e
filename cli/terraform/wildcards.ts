/**
 * Whether a pattern takes every text that another pattern takes: `*` is any text, `?` any one character. A plain text is a
 * pattern too. The time is the product of both lengths at most, for any number of stars.
 */
export function matchesPattern(pattern: string, other: string): boolean {
  let [at, in_, star, from] = [0, 0, -1, 0];
  while (in_ < other.length) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at++;
      from = in_;
    } else if (wanted === other[in_] || (wanted === "?" && other[in_] !== "*")) {
      at++;
      in_++;
    } else if (star >= 0) {
      at = star + 1;
      in_ = ++from;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** Whether some text is taken by both patterns. */
export function patternsMeet(one: string, other: string): boolean {
  // Row by row: whether the rest of `one` from here and the rest of `other` from there have a text in common.
  let below: boolean[] = [];
  for (let i = one.length; i >= 0; i--) {
    const row: boolean[] = [];
    for (let j = other.length; j >= 0; j--) {
      const [a, b] = [one[i], other[j]];
      if (a === undefined && b === undefined) row[j] = true;
      else if (a === "*") row[j] = Boolean(below[j]) || (b !== undefined && Boolean(row[j + 1]));
      else if (b === "*") row[j] = Boolean(row[j + 1]) || (a !== undefined && Boolean(below[j]));
      else row[j] = a !== undefined && b !== undefined && (a === b || a === "?" || b === "?") && Boolean(below[j + 1]);
    }
    below = row;
  }
  return Boolean(below[0]);
}
