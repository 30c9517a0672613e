import type { Section } from "./report";
import { examineSite, type SiteOptions } from "./site";

/** Examines the app at an address, as a visitor without an account. */
export async function examineAddress(url: URL, options: SiteOptions): Promise<Section[]> {
  return [{ title: url.origin, findings: await examineSite(url, options) }];
}
