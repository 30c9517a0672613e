/** A form of words that readers stumble over. */
export interface Pattern {
  readonly name: string;
  readonly finds: RegExp;
  /** What to write in its place. */
  readonly instead: string;
}

/** Each has an example of both in words.test.ts. A pattern that also finds plain sentences does not belong here. */
export const PATTERNS: readonly Pattern[] = [
  {
    name: "nobody, somebody, whoever, whatever",
    finds: /\b(?:nobody|somebody|who(?:m)?ever|whatever)\b(?!\()/gi,
    instead: 'name the actor: "the user", "the caller", "no test", or leave the clause out',
  },
  {
    name: "What ... or Who ... as the subject of a statement",
    finds: /(?:^|[.;] )(?:What|Who) (?![^.]*\?)\w+[^.]* \w/g,
    instead: 'begin with the subject: "An argument that is unknown ..." for "What is unknown ..."',
  },
  {
    name: "stands",
    finds: /\b(?:stands?|stood) (?:in(?! for\b)|on|at|below|above|beside|behind|under|there|whole|between|alone)\b/gi,
    instead: '"is", or the verb that says what it does there: "the table in docs/redis.md lists ..."',
  },
  {
    name: "lies",
    finds: /\b(?:lies?|lay) (?:in|on|at|below|beside|behind|under|there|outside|between)\b/gi,
    instead: '"is", or "is stored in"',
  },
  {
    name: "anew",
    finds: /\banew\b/gi,
    instead: '"again", "recreated", "resolved again"',
  },
  {
    name: "by name, for: explicitly",
    finds: /, by name\b|\b(?:http|none|false|it|them) by name\b/gi,
    instead: '"explicitly"',
  },
];
