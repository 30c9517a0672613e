import { Token } from "cdktf";

/** Environment variables as ECS has them, in an order that does not depend on who wrote them. */
export function variables(environment: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(environment)
    .map(([name, value]) => ({ name, value: terraformLiteral(value) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `${` and `%{` begin an interpolation and a directive in Terraform; doubled they are themselves. */
function terraformLiteral(value: string): string {
  if (Token.isUnresolved(value)) return value;
  return value.replaceAll("${", "$$${").replaceAll("%{", "%%{");
}
