import { Token, Tokenization } from "cdktf";
import type { Construct } from "constructs";
import { checkText, ValidationError } from "../validation";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const CONTROL_CHARACTER = /\p{Cc}/u;
/** Text that needs no escape, neither in the file nor in Terraform. */
const PLAIN = /^[\w.:/@+,=-]*$/;

/**
 * A systemd EnvironmentFile, with each value in double quotes. Put it into a quoted here-document, in which bash changes nothing.
 *
 * @throws when a name is malformed, a value has a control character (such as a line break), or a value mixes a Terraform
 * token with characters that need an escape. Terraform replaces the token later, so the whole value cannot be escaped at synth.
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=
 */
export function environmentFile(scope: Construct, variables: Readonly<Record<string, string>>): string {
  for (const name of Object.keys(variables)) {
    checkText(scope, "name of an environment variable", name, {
      pattern: NAME,
      allowed: "letters, digits and underscores, no digit first",
      fix: "rename it",
      atSynth: true,
    });
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}="${quote(scope, name, value)}"`)
    .join("\n");
}

function quote(scope: Construct, name: string, value: string): string {
  if (Token.isUnresolved(value)) {
    if (literals(value).every((literal) => PLAIN.test(literal))) return value;
    throw new ValidationError(scope, {
      what: `environment variable ${name}`,
      got: "a Terraform token beside characters that need quotes",
      allowed: "letters, digits and . : / @ + , = _ - beside a token",
      fix: "leave the other characters out, or write the whole value out",
    });
  }
  if (CONTROL_CHARACTER.test(value)) {
    throw new ValidationError(scope, {
      what: `environment variable ${name}`,
      got: JSON.stringify(value),
      allowed: "one line without control characters",
      fix: "take them out",
    });
  }
  return terraformLiteral(value.replaceAll(/["\\`$]/g, "\\$&"));
}

/** Doubles the first character of `${` and `%{`, which would begin an interpolation or a directive in Terraform. */
function terraformLiteral(text: string): string {
  return text.replaceAll("${", "$$${").replaceAll("%{", "%%{");
}

/** The parts of a text that are known at synth. */
export function literals(text: string): string[] {
  return Tokenization.reverseString(text).literals.map(String);
}
