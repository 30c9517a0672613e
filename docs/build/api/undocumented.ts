import { type ApiEntryPoint, type ApiItem, ApiItemKind, type ApiOptionalMixin } from "@microsoft/api-extractor-model";
import { blocks, findBases, findDocs, isNameOfValues, written } from "./walk";

/** The gaps that users would have to guess: public names without a docstring, optional properties without a default. */
export function undocumented(api: ApiEntryPoint): string[] {
  return api.members
    .filter((item) => !isNameOfValues(item, api))
    .flatMap((item) => [
      ...silent(item, item.displayName),
      ...item.members.flatMap((member) => ofMember(member, item, api)),
    ]);
}

function ofMember(member: ApiItem, item: ApiItem, api: ApiEntryPoint): string[] {
  if (member.kind === ApiItemKind.Constructor) return [];
  const name = `${item.displayName}.${member.displayName}`;
  const said = findBases(item, api).some((base) => base.members.some((its) => its.displayName === member.displayName));
  return [...(said ? [] : silent(member, name)), ...withoutDefault(member, name)];
}

function silent(item: ApiItem, name: string): string[] {
  return written(findDocs(item)?.summarySection) === "" ? [`${name}: has no docstring`] : [];
}

function withoutDefault(member: ApiItem, name: string): string[] {
  const optional = member.kind === ApiItemKind.PropertySignature && (member as ApiItem & ApiOptionalMixin).isOptional;
  return optional && blocks(member, "@default").length === 0 ? [`${name}: is optional and has no @default`] : [];
}
