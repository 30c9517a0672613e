/** Copies folders and files of the repository, with the imports of their TypeScript renamed. */
export function copyRenamed(names: readonly string[], to: string): void;
