/** The key of a service or of a path rule: part of addresses, alarms' names and log streams. */
export const SERVICE_KEY = {
  pattern: /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/i,
  allowed: "1 to 64 letters, digits and hyphens, none at an end",
  fix: `name what it is for, as in "admin"`,
  atSynth: true,
} as const;
