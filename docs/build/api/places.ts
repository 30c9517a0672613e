import type { ApiItem } from "@microsoft/api-extractor-model";
import { findModule } from "./walk";

/** The page for names outside the folders of `modules/`: the variables that constructs hand to apps. */
const ELSEWHERE = "environment";

/** Finds the page of an exported name, without the file's extension. */
export const findPage = (item: ApiItem): string => findModule(item) || ELSEWHERE;

const toAnchor = ({ displayName }: ApiItem): string => displayName.toLowerCase();

/** Finds where an exported name is described: the page and the anchor of its heading. */
export const findPlace = (item: ApiItem): string => `${findPage(item)}.md#${toAnchor(item)}`;

/** Names the anchor of a property or method. Headings alone are not enough: several classes of a page have a method of the same name. */
export const toMemberAnchor = (item: ApiItem, member: ApiItem): string => `${toAnchor(item)}-${toAnchor(member)}`;
