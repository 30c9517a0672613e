/** The pages' icon: two hosts, one store between them. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="none" stroke="#1f5fbf" stroke-width="2.5"><path d="M8 8l8 8 8-8M16 16v6"/></g><g fill="#1f5fbf"><circle cx="7" cy="7" r="4"/><circle cx="25" cy="7" r="4"/><rect x="8" y="20" width="16" height="8" rx="3"/></g></svg>`;
