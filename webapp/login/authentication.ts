/** The fields of the login form, as the visitor typed them. */
interface Credentials {
  readonly username: string;
  /** Empty where the login asks for none. */
  readonly password: string;
}

/** How an app finds out who a visitor is: its own to give. */
export interface Authentication {
  /** The page asks for a password. */
  readonly hasPassword: boolean;
  /** A login can be refused: refused ones are counted by user too. */
  readonly canFail: boolean;
  /** The user's name as the app knows it; undefined when the credentials are not theirs. */
  authenticate(credentials: Credentials): Promise<string | undefined>;
}

/** LOGIN=demo: any name, no password. The page says so. */
export const demoLogin: Authentication = {
  hasPassword: false,
  canFail: false,
  authenticate: async ({ username }) => username,
};
