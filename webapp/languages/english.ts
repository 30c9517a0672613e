import { amount, parts } from "./times";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * The texts of the pages in English, the default for visitors whose languages the app does not have. Some texts are fixed by the source
 * documents: `Logged in as NAME`, `Visits: N`, `You are not logged in`.
 *
 * Texts are part of the templates, so they are HTML. An argument can be a template's `<%= … %>`.
 */
export const ENGLISH = {
  /** BCP 47. */
  tag: "en",
  /** A time to the second in UTC, because no header has the visitor's time zone. */
  time(ms: number): string {
    const { year, month, day, clock } = parts(ms);
    return `${day} ${MONTHS[month - 1]} ${year}, ${clock} UTC`;
  },
  /** The two largest units. */
  duration: (ms: number): string => amount(ms, [" h", " min", " s"], " "),
  page: {
    brand: "Session store",
    skip: "Skip to content",
    links: "Pages",
    home: "Home",
    shared: "Shared session",
    session: "Your session",
    login: "Log in",
    pleaseCheck: (title: string) => `${title}: please check`,
  },
  home: {
    welcome: "Welcome",
    yourVisits: "Your visits",
    notLoggedIn: "You are not logged in",
    why: "Log in, and this page counts your visits. The count is in your session, and the session is in the store.",
    loggedInAs: (name: string) => `Logged in as ${name}`,
    visits: (count: string) => `Visits: ${count}`,
    reload: "Reload the page, and the count goes up. Another browser starts at 1.",
    logOut: "Log out",
  },
  login: {
    heading: "Log in",
    demo: "<strong>This is a demo login.</strong> Any name will do, without a password: anyone who types a name is that user.",
    name: "Name",
    password: "Password",
    send: "Log in",
    problems: {
      noName: "Please enter a name.",
      longName: "Please enter at most 64 characters.",
      longPassword: "Please enter at most 1024 characters.",
      notPlain: "Please enter letters, digits or punctuation only.",
      /** The same words for an unknown name and a wrong password. */
      notRight: "Name or password is not right.",
    },
  },
  shared: {
    heading: "Shared session",
    container: (number: number | string) => `Container ${number}`,
    from: (host: string) => `This page comes from host ${host}.`,
    containerFrom: (number: string, host: string) => `Container ${number}: this page comes from host ${host}.`,
    lastUpdate: "Last update",
    updateBefore: "The one before",
    by: (time: string, container: string, host: string) => `${time}, by container ${container} on host ${host}`,
    notUpdated: "Your session has not been updated yet.",
    noSession: "You have no session yet. The first update gives you one, without a login.",
    number: "Container number",
    share: "Shared Session",
    what: "The container you choose writes its host and the time into your session. The other one reads them there.",
    chooseOne: "Please choose container 1 or 2.",
    invalidate: "Invalidate Session",
    ends: "Ends it on all hosts at once.",
    endsAndLogsOut: (name: string) => `Ends it on all hosts at once, and logs ${name} out.`,
  },
  /** In place of the same texts of `shared`, where the app runs in no container. */
  sharedPages: {
    container: (number: number | string) => `Page ${number}`,
    containerFrom: (number: string, host: string) => `Page ${number}: it comes from host ${host}.`,
    by: (time: string, page: string, host: string) => `${time}, on page ${page}, by host ${host}`,
    number: "Page number",
    what: "The page you choose writes its host and the time into your session. The other page reads them there.",
    chooseOne: "Please choose page 1 or 2.",
  },
  session: {
    heading: "Your session",
    none: "You have no session",
    noneWhy:
      'A visitor who stores nothing gets no session and no cookie. Log in or <a href="/index.html">share a session</a>, and this page shows your data in the store.',
    held: "Your data in the store",
    browser: "Your browser",
    cookie: "A cookie of 256 random bits, stored nowhere else.",
    hashed: "SHA-256: the key does not reveal the cookie.",
    store: "The store",
    hash: (fields: string) => `hash, ${fields} fields`,
    createdAt: (time: string) => `created ${time}`,
    lastSeenAt: (time: string) => `last seen ${time}`,
    idleSeconds: (duration: string) => `ends after ${duration} without use`,
    maxAgeSeconds: (duration: string) => `ends ${duration} after login, used or not`,
    persistent: "whether the browser keeps the cookie when it closes",
    life: "When it ends",
    created: "Created",
    lastSeen: "Last seen",
    now: "Now",
    /** Redis' term for the remaining time. */
    left: (duration: string) => `TTL ${duration}`,
    endsUnused: "Ends if unused",
    endsAnyway: "Ends in any case",
    inFrom: (duration: string, time: string) => `in ${duration}: ${time}`,
    ago: (duration: string, time: string) => `${duration} ago: ${time}`,
    moves:
      "The upper bar is the whole time until the session ends in any case. The lower bar is the time until it ends if unused, and starts again with each request.",
    picture: (parts: { created: string; seen: string; left: string; anyway: string }) =>
      `Two time bars. The session was created ${parts.created} ago and ends in any case in ${parts.anyway}. It was last seen ${parts.seen} ago and ends in ${parts.left} if unused.`,
    elsewhere: "Elsewhere",
    notLoggedIn: "You are not logged in.",
    hereOnly: "You are logged in here only.",
    other: (since: string, seen: string) => `Logged in ${since}, last seen ${seen} ago`,
    end: "End",
    endThat: (since: string) => `End the session of ${since}`,
    endOthers: "End all others",
  },
  /** Texts by status. Other statuses have those of 400 or 500. */
  errors: {
    400: { title: "That request made no sense", text: "The address or the form could not be read." },
    403: { title: "Not allowed", text: "Please go back, reload the page and try again." },
    404: { title: "There is no such page", text: "The address may have a typing error." },
    405: { title: "That does not work here", text: "The page exists, but not for this kind of request." },
    409: { title: "That did not work", text: "Please go back and try again." },
    413: { title: "That is too long", text: "Please send less." },
    429: { title: "Too many tries", text: "Please wait a little and try again." },
    500: { title: "Something went wrong", text: "It is our fault, not yours. It has been noted." },
    503: {
      title: "One moment, please",
      text: "Sessions can't be reached right now. Nothing is lost: try again in a few seconds.",
    },
    goHome: "Go to the home page",
  },
  /** Texts in place of an error's general text. */
  refusals: {
    oldForm: "This form is out of date: please go back, reload the page and send it again.",
    otherSite: "This form came from another site.",
    otherNetwork: "This site is not open to your network.",
    unreadableForm: "The form could not be read.",
    unreadableAddress: "The address could not be read.",
    tryAgain: (seconds: number) => `Please try again in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`,
    tooManySessions: (limit: number) => `You are logged in ${limit} times already: log out elsewhere first.`,
  },
};

/** All texts of a language. A missing one does not compile. */
export type Texts = typeof ENGLISH;
