import type { Section } from "./report";
import { examineSite, type SiteOptions } from "./site";

/** The app that answers at an address, as a visitor without account sees it. */
export async function examineAddress(url: URL, options: SiteOptions): Promise<Section[]> {
  return [{ title: url.origin, findings: await examineSite(url, options) }];
}
