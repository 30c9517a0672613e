import { Eta } from "eta";
import type { Texts } from "../languages";

const eta = new Eta({ autoEscape: true, varName: "page" });

/** Compiles a template once; what it prints with `<%= page.x %>` is escaped. */
export function template<T extends object>(source: string): (page: T) => string {
  const compiled = eta.compile(source);
  return (page) => eta.render(compiled, page);
}

/** A template with a language's words in it, compiled when that language is first asked for: no page looks words up. */
export function translated<T extends object>(write: (texts: Texts) => string): (texts: Texts, page: T) => string {
  const compiled = new Map<Texts, (page: T) => string>();
  return (texts, page) => {
    let render = compiled.get(texts);
    if (render === undefined) {
      render = template<T>(write(texts));
      compiled.set(texts, render);
    }
    return render(page);
  };
}
