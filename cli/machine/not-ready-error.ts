/** What a person has to mend before a command can do its work: one line that says what is wrong and what to do next. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
}
