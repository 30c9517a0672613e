import { readFileSync } from "node:fs";
import { UserError } from "../../environment/user-error";

/**
 * Reads the user's file, or standard input for `-`.
 *
 * @throws {UserError} that begins with the file's name, when it can't be read or `parse` refuses its text.
 */
export function readInput<T>(file: string, parse: (text: string) => T): T {
  const name = file === "-" ? "standard input" : file;
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${name}: ${code === "ENOENT" ? "no such file" : `can't be read (${message})`}`);
  }
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}
